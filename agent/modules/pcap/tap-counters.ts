// The counters of all taps, as `status` shows them.

export interface TapCounters {
  taps: number;
  packets: number;
  /** Samples that the kernel dropped because its buffer was full. */
  drops: number;
  /** Samples left out because they are neither Ethernet nor IP. */
  notIp: number;
  /** Taps that could not be opened. */
  failures: number;
}

export const zeroTapCounters = (): TapCounters => ({ taps: 0, packets: 0, drops: 0, notIp: 0, failures: 0 });
