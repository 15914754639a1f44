// How long a browser took to load a page, in milliseconds from the first event; 0 if an event did not occur. See W3C
// Navigation Timing, and the sFlow.org structure number registry, "extended_nav_timing".

import { uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const extendedNavTiming = flowType("extended_nav_timing", 2208, {
  type: uint32,
  redirectCount: uint32,
  navigationStart: uint32,
  unloadEventStart: uint32,
  unloadEventEnd: uint32,
  redirectStart: uint32,
  redirectEnd: uint32,
  fetchStart: uint32,
  domainLookupStart: uint32,
  domainLookupEnd: uint32,
  connectStart: uint32,
  connectEnd: uint32,
  secureConnectionStart: uint32,
  requestStart: uint32,
  responseStart: uint32,
  responseEnd: uint32,
  domLoading: uint32,
  domInteractive: uint32,
  domContentLoadedEventStart: uint32,
  domContentLoadedEventEnd: uint32,
  domComplete: uint32,
  loadEventStart: uint32,
  loadEventEnd: uint32,
});
