// Counters of an interface. See "rtnl_link_stats64" in linux/if_link.h, and rtnetlink(7), "RTM_NEWSTATS".

import { eachAttribute, unsigned64 } from "./attribute.ts";
import { LITTLE_ENDIAN, type Message } from "./message.ts";

const BODY_BYTES = 12;
const IFLA_STATS_LINK_64 = 1;
/** Length of the structure up to the last counter that is read here. Newer kernels append counters. */
const STATS_BYTES = 16 * 8;

/** Counters since the interface was created. Names are those of rtnl_link_stats64; unused counters are left out. */
export interface LinkStats {
  readonly rx_packets: number;
  readonly tx_packets: number;
  readonly rx_bytes: number;
  readonly tx_bytes: number;
  readonly rx_errors: number;
  readonly tx_errors: number;
  readonly rx_dropped: number;
  readonly tx_dropped: number;
  readonly multicast: number;
  /**
   * Received frames for which the device had no room. rx_dropped does not include them, but in /proc/net/dev it does.
   */
  readonly rx_missed_errors: number;
}

/** Reads ifIndex and counters from an answer to `statsRequest`. Returns undefined if the message has no counters. */
export function readLinkStats({ view, start, end }: Message): readonly [number, LinkStats] | undefined {
  if (end - start < BODY_BYTES) return undefined;
  let stats: LinkStats | undefined;
  eachAttribute(view, start + BODY_BYTES, end, (type, at, length) => {
    if (type === IFLA_STATS_LINK_64 && length >= STATS_BYTES) stats = linkStats(view, at);
  });
  return stats === undefined ? undefined : [view.getUint32(start + 4, LITTLE_ENDIAN), stats];
}

function linkStats(view: DataView, start: number): LinkStats {
  const at = (position: number): number => unsigned64(view, start + position * 8);
  return {
    rx_packets: at(0),
    tx_packets: at(1),
    rx_bytes: at(2),
    tx_bytes: at(3),
    rx_errors: at(4),
    tx_errors: at(5),
    rx_dropped: at(6),
    tx_dropped: at(7),
    multicast: at(8),
    rx_missed_errors: at(15),
  };
}
