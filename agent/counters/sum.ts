// A record whose counters are sums over devices that may be added or removed, such as network cards or disks.

import type { CounterRecord } from "../sflow/record.ts";

export interface Sum {
  readonly record: CounterRecord;
  /**
   * Identifies the devices in the sum. If `parts` changes, the sum starts at another value, so no delta across the
   * change is valid.
   */
  readonly parts: string;
}
