// Network adapters of this host with their hardware addresses. sFlow Host Structures, "host_adapters".

import type { Adaptor } from "../interfaces/adaptor.ts";
import { isPort, uplinks } from "../interfaces/uplinks.ts";
import { type CounterRecord, counterRecord } from "../sflow/record.ts";
import { hostAdapters } from "../sflow/records/counter/host-adapters.ts";

const MAC_BYTES = 6;
/** On the wire: index, number of addresses, one address with its padding. */
const ADAPTER_BYTES = 16;
/** Datagram and sample headers, and all other records of the host's sample at their longest, a GPU's included. */
const OTHER_BYTES = 900;

const hasMac = ({ mac }: Adaptor): boolean => mac.length === MAC_BYTES && mac.some((byte) => byte !== 0);

/**
 * Adapters that are up, by index; not the host's ends of containers and virtual machines, unless they are all there is.
 * As many as fit a datagram of that many bytes with the rest of the sample, the network cards before all others.
 */
export function readHostAdapters(all: readonly Adaptor[], datagramBytes: number): CounterRecord | undefined {
  const cards = new Set(uplinks(all));
  const listed = all.filter(
    (adaptor) => adaptor.adminUp && hasMac(adaptor) && (cards.has(adaptor) || !isPort(adaptor)),
  );
  if (listed.length === 0) return undefined;
  const room = Math.max(1, Math.floor((datagramBytes - OTHER_BYTES) / ADAPTER_BYTES));
  const first = [...listed].sort((a, b) => Number(cards.has(b)) - Number(cards.has(a)) || a.index - b.index);
  const adapters = first
    .slice(0, room)
    .sort((a, b) => a.index - b.index)
    .map(({ index, mac }) => ({ ifIndex: index, mac_address: [mac] }));
  return counterRecord(hostAdapters, { adapters });
}
