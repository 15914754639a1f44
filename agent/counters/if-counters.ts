// Traffic and state of an interface. linux/if_link.h; sFlow v5, section 5 "if_counters".

import type { Adaptor } from "../interfaces/adaptor.ts";
import type { LinkStats } from "../netlink/link-stats.ts";
import { type CounterRecord, counterRecord } from "../sflow/record.ts";
import { ifCounters } from "../sflow/records/counter/if-counters.ts";
import { makeHold } from "./hold.ts";
import { ifTypeOf } from "./if-type.ts";

const DIRECTIONS = { unknown: 0, full: 1, half: 2 } as const;
const MOST_SLIP = 2 ** 24;

/**
 * Reads one interface again and again. The kernel counts received multicast, and tells neither broadcast nor what was
 * sent to many: these are unknown, and the packets of both are among the unicast ones. Frames missed for want of room
 * count as discarded. Drivers that let the card count multicast learn of it later than of packets, so that unicast,
 * which is what remains, would slip back.
 */
export function makeIfCounters(): (adaptor: Adaptor, counters: LinkStats) => CounterRecord {
  let hold = makeHold(MOST_SLIP);
  let received = 0;
  return (adaptor, counters) => {
    if (counters.rx_packets < received) hold = makeHold(MOST_SLIP);
    received = counters.rx_packets;
    return counterRecord(ifCounters, {
      ifIndex: adaptor.index,
      ifType: ifTypeOf(adaptor),
      ifSpeed: adaptor.speed,
      ifDirection: DIRECTIONS[adaptor.duplex],
      ifStatus: (adaptor.adminUp ? 1 : 0) | (adaptor.operUp ? 2 : 0),
      ifInOctets: counters.rx_bytes,
      ifInUcastPkts: hold(Math.max(0, counters.rx_packets - counters.multicast)),
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
