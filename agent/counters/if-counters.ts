// Reads traffic and state of an interface. See linux/if_link.h; sFlow v5, section 5 "if_counters".

import type { Adaptor } from "../interfaces/adaptor.ts";
import type { LinkStats } from "../netlink/link-stats.ts";
import { type CounterRecord, counterRecord } from "../sflow/record.ts";
import { ifCounters } from "../sflow/records/counter/if-counters.ts";
import { ifTypeOf } from "./if-type.ts";
import { makeSlipFilter } from "./slip-filter.ts";

const DIRECTIONS = { unknown: 0, full: 1, half: 2 } as const;
const MOST_SLIP = 2 ** 24;

/**
 * Makes a reader of one interface. The kernel counts received multicast packets, but not broadcast packets or sent
 * multicast packets: these counters are unknown, and the packets count as unicast. Frames missed because a buffer was
 * full count as discarded. Unicast is the difference of packets and multicast. Some drivers update multicast late, so a
 * filter keeps the difference from decreasing.
 */
export function makeIfCounters(): (adaptor: Adaptor, counters: LinkStats) => CounterRecord {
  let filter = makeSlipFilter(MOST_SLIP);
  let received = 0;
  return (adaptor, counters) => {
    if (counters.rx_packets < received) filter = makeSlipFilter(MOST_SLIP);
    received = counters.rx_packets;
    return counterRecord(ifCounters, {
      ifIndex: adaptor.index,
      ifType: ifTypeOf(adaptor),
      ifSpeed: adaptor.speed,
      ifDirection: DIRECTIONS[adaptor.duplex],
      ifStatus: (adaptor.adminUp ? 1 : 0) | (adaptor.operUp ? 2 : 0),
      ifInOctets: counters.rx_bytes,
      ifInUcastPkts: filter(Math.max(0, counters.rx_packets - counters.multicast)),
      ifInMulticastPkts: counters.multicast,
      ifInBroadcastPkts: undefined,
      ifInDiscards: counters.rx_dropped + counters.rx_missed_errors,
      ifInErrors: counters.rx_errors,
      ifInUnknownProtos: undefined,
      ifOutOctets: counters.tx_bytes,
      ifOutUcastPkts: counters.tx_packets,
      ifOutMulticastPkts: undefined,
      ifOutBroadcastPkts: undefined,
      ifOutDiscards: counters.tx_dropped,
      ifOutErrors: counters.tx_errors,
      ifPromiscuousMode: adaptor.promiscuous ? 1 : 0,
    });
  };
}
