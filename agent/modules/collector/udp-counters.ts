// Counters of one collector.

import { NO_BYTES, type SampleForm } from "../../sflow/collector.ts";

export interface UdpCounters {
  datagrams: number;
  bytes: number;
  /** Datagrams dropped because the send buffer was full. */
  full: number;
  /** Datagrams dropped because there was no socket. */
  unsent: number;
  /** Samples that have no compact form, for a collector that gets this form. The datagrams without them were sent. */
  leftOut?: number;
}

export const zeroCounters = (form: SampleForm): UdpCounters => ({
  ...{ datagrams: 0, bytes: NO_BYTES, full: 0, unsent: 0 },
  ...(form === "compact" && { leftOut: 0 }),
});
