// What the interfaces of a container have carried together, those that it has lost included. sFlow Host Structures, "virt_net_io".

import type { LinkStats } from "../../netlink/link-stats.ts";

/** From the container's point of view. */
export interface Traffic {
  readonly rx_bytes: number;
  readonly rx_packets: number;
  readonly rx_errs: number;
  readonly rx_drop: number;
  readonly tx_bytes: number;
  readonly tx_packets: number;
  readonly tx_errs: number;
  readonly tx_drop: number;
}

const ZERO: Traffic = {
  rx_bytes: 0,
  rx_packets: 0,
  rx_errs: 0,
  rx_drop: 0,
  tx_bytes: 0,
  tx_packets: 0,
  tx_errs: 0,
  tx_drop: 0,
};

const plus = (sum: Traffic, link: LinkStats): Traffic => ({
  rx_bytes: sum.rx_bytes + link.rx_bytes,
  rx_packets: sum.rx_packets + link.rx_packets,
  rx_errs: sum.rx_errs + link.rx_errors,
  rx_drop: sum.rx_drop + link.rx_dropped,
  tx_bytes: sum.tx_bytes + link.tx_bytes,
  tx_packets: sum.tx_packets + link.tx_packets,
  tx_errs: sum.tx_errs + link.tx_errors,
  tx_drop: sum.tx_drop + link.tx_dropped,
});

/** The sum over interfaces, by ifIndex. One that is gone keeps its last counters in it, for a sum must never fall. */
export function makeTraffic(): { add(now: ReadonlyMap<number, LinkStats>): Traffic } {
  let before: ReadonlyMap<number, LinkStats> = new Map();
  let gone = ZERO;
  return {
    add(now) {
      for (const [index, stats] of before) if (!now.has(index)) gone = plus(gone, stats);
      before = now;
      return [...now.values()].reduce(plus, gone);
    },
  };
}
