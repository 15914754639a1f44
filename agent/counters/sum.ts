// A record whose counters are sums over parts that can come and go, such as cards or disks.

import type { CounterRecord } from "../sflow/record.ts";

export interface Sum {
  readonly record: CounterRecord;
  /**
   * The names of the parts. If they change, the sum starts at another value, and a delta across the change is invalid.
   */
  readonly parts: string;
}
