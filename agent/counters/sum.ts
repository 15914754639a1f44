// A record whose counters are sums over parts that come and go.

import type { CounterRecord } from "../sflow/record.ts";

export interface Sum {
  readonly record: CounterRecord;
  /**
   * Names of the parts. With other parts the sum starts from elsewhere, and a delta across the change means nothing.
   */
  readonly parts: string;
}
