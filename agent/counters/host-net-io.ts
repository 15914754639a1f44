// Reads the traffic of this host, summed over its network cards. See linux/if_link.h; sFlow Host Structures,
// "host_net_io".

import type { Interfaces } from "../interfaces/adaptor.ts";
import { uplinks } from "../interfaces/uplinks.ts";
import type { LinkStats } from "../netlink/link-stats.ts";
import { counterRecord } from "../sflow/record.ts";
import { hostNetIo } from "../sflow/records/counter/host-net-io.ts";
import type { Sum } from "./sum.ts";

/** Sums all network cards, also cards that are down, so that the sum does not decrease when a card goes down. */
export function readHostNetIo(interfaces: Interfaces): Sum | undefined {
  const parts: string[] = [];
  const counted: LinkStats[] = [];
  for (const { index, name, countersFrom } of uplinks(interfaces.all()).values()) {
    const counters = interfaces.counters(index);
    if (counters === undefined) continue;
    // If the counters are read from another source, they start at other values.
    parts.push(`${name}/${index}${countersFrom === undefined ? "" : `/${countersFrom}`}`);
    counted.push(counters);
  }
  return counted.length === 0 ? undefined : { record: netIo(counted), parts: parts.join() };
}

function netIo(counted: readonly LinkStats[]) {
  const sum = (read: (counters: LinkStats) => number): number =>
    counted.reduce((total, counters) => total + read(counters), 0);
  return counterRecord(hostNetIo, {
    bytes_in: sum((counters) => counters.rx_bytes),
    pkts_in: sum((counters) => counters.rx_packets),
    errs_in: sum((counters) => counters.rx_errors),
    drops_in: sum((counters) => counters.rx_dropped + counters.rx_missed_errors),
    bytes_out: sum((counters) => counters.tx_bytes),
    pkts_out: sum((counters) => counters.tx_packets),
    errs_out: sum((counters) => counters.tx_errors),
    drops_out: sum((counters) => counters.tx_dropped),
  });
}
