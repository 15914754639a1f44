// Reads the network adapters of this host with their hardware addresses. See sFlow Host Structures, "host_adapters".

import type { Adaptor } from "../interfaces/adaptor.ts";
import { isPort, uplinks } from "../interfaces/uplinks.ts";
import { type CounterRecord, counterRecord } from "../sflow/record.ts";
import { hostAdapters } from "../sflow/records/counter/host-adapters.ts";

const MAC_BYTES = 6;
/** Size of an adapter on the wire in bytes: index, number of addresses, one padded address. */
const ADAPTER_BYTES = 16;
/** Largest size in bytes of everything else in the datagram: the headers, and all other records of the host. */
const OTHER_BYTES = 900;

const hasMac = ({ mac }: Adaptor): boolean => mac.length === MAC_BYTES && mac.some((byte) => byte !== 0);

/**
 * Returns the adapters that are up, in order of their index. Leaves out interfaces of the host that lead to containers
 * and virtual machines, unless there are no others. If not all adapters fit a datagram together with the rest of the
 * sample, prefers network cards.
 */
export function readHostAdapters(all: readonly Adaptor[], datagramBytes: number): CounterRecord | undefined {
  const cards = uplinks(all);
  const listed = all.filter(
    (adaptor) => adaptor.adminUp && hasMac(adaptor) && (cards.has(adaptor.index) || !isPort(adaptor)),
  );
  if (listed.length === 0) return undefined;
  const room = Math.max(1, Math.floor((datagramBytes - OTHER_BYTES) / ADAPTER_BYTES));
  const first = [...listed].sort(
    (a, b) => Number(cards.has(b.index)) - Number(cards.has(a.index)) || a.index - b.index,
  );
  const adapters = first
    .slice(0, room)
    .sort((a, b) => a.index - b.index)
    .map(({ index, mac }) => ({ ifIndex: index, mac_address: [mac] }));
  return counterRecord(hostAdapters, { adapters });
}
