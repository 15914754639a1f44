// A 100BaseVG interface. See sFlow v5, section 5 "vg_counters"; RFC 2020.

import { counter32, counter64 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const vgCounters = counterType("vg_counters", 4, {
  dot12InHighPriorityFrames: counter32,
  dot12InHighPriorityOctets: counter64,
  dot12InNormPriorityFrames: counter32,
  dot12InNormPriorityOctets: counter64,
  dot12InIPMErrors: counter32,
  dot12InOversizeFrameErrors: counter32,
  dot12InDataErrors: counter32,
  dot12InNullAddressedFrames: counter32,
  dot12OutHighPriorityFrames: counter32,
  dot12OutHighPriorityOctets: counter64,
  dot12TransitionIntoTrainings: counter32,
  dot12HCInHighPriorityOctets: counter64,
  dot12HCInNormPriorityOctets: counter64,
  dot12HCOutHighPriorityOctets: counter64,
});
