// Messages of the kernel's route family that describe the links of a test. linux/if_link.h

import { makeAttribute, makeUint32 } from "../../agent/netlink/attribute.ts";
import type { LinkStats } from "../../agent/netlink/link-stats.ts";
import { makeMessage } from "../../agent/netlink/message.ts";

export interface FakeLink {
  readonly index: number;
  readonly name: string;
  readonly alternativeNames?: readonly string[];
  readonly alias?: string;
  readonly kind?: string;
  /** Attributes of IFLA_INFO_DATA, and of IFLA_INFO_SLAVE_DATA of a bond. */
  readonly data?: readonly Uint8Array[];
  readonly bondMember?: readonly Uint8Array[];
  /** Ethernet by default. */
  readonly hardwareType?: number;
  readonly mac?: readonly number[];
  /** Up and running by default. */
  readonly flags?: number;
  readonly operState?: number;
  readonly promiscuity?: number;
  readonly master?: number;
  readonly link?: number;
  readonly linkNamespace?: number;
  readonly stats?: Partial<LinkStats>;
  /** Attributes of BOND_XSTATS_3AD. */
  readonly lacp?: readonly Uint8Array[];
  readonly addresses?: readonly { readonly bytes: readonly number[]; readonly prefixLength: number }[];
}

export const UP_AND_RUNNING = 0x41;

const bytesOf = (array: Uint16Array | Uint32Array | Int32Array | BigUint64Array): Uint8Array =>
  new Uint8Array(array.buffer);
const text = (value: string): Uint8Array => new TextEncoder().encode(`${value}\0`);
export const nest = (type: number, ...inner: readonly Uint8Array[]): Uint8Array =>
  makeAttribute(type, new Uint8Array(inner.flatMap((part) => [...part])));

export function linkMessage(type: number, flags: number, sequence: number, link: FakeLink): Uint8Array {
  const body = new Uint8Array(16);
  body.set(bytesOf(new Uint16Array([link.hardwareType ?? 1])), 2);
  body.set(bytesOf(new Int32Array([link.index])), 4);
  body.set(bytesOf(new Uint32Array([link.flags ?? UP_AND_RUNNING])), 8);
  return makeMessage(type, flags, sequence, body, ...attributes(link));
}

function attributes(link: FakeLink): Uint8Array[] {
  const number = (type: number, value: number | undefined): Uint8Array[] =>
    value === undefined ? [] : [makeAttribute(type, makeUint32(value))];
  const info = [
    ...(link.kind === undefined ? [] : [makeAttribute(1, text(link.kind)), nest(2, ...(link.data ?? []))]),
    ...(link.bondMember === undefined ? [] : [makeAttribute(4, text("bond")), nest(5, ...link.bondMember)]),
  ];
  return [
    makeAttribute(3, text(link.name)),
    makeAttribute(16, new Uint8Array([link.operState ?? 6])),
    ...number(10, link.master),
    ...number(5, link.link),
    ...number(37, link.linkNamespace),
    ...number(30, link.promiscuity ?? 0),
    ...(link.alternativeNames === undefined
      ? []
      : [nest(52, ...link.alternativeNames.map((name) => makeAttribute(53, text(name))))]),
    ...(link.alias === undefined ? [] : [makeAttribute(20, text(link.alias))]),
    makeAttribute(1, new Uint8Array(link.mac ?? [2, 0, 0, 0, 0, link.index])),
    ...(info.length === 0 ? [] : [nest(18, ...info)]),
  ];
}

const STATS: readonly (keyof LinkStats)[] = [
  "rx_packets",
  "tx_packets",
  "rx_bytes",
  "tx_bytes",
  "rx_errors",
  "tx_errors",
  "rx_dropped",
  "tx_dropped",
  "multicast",
];
const MISSED = 15;

export function statsMessage(flags: number, sequence: number, link: FakeLink): Uint8Array {
  const counters = new BigUint64Array(24);
  for (const [i, name] of STATS.entries()) counters[i] = BigInt(link.stats?.[name] ?? 0);
  counters[MISSED] = BigInt(link.stats?.rx_missed_errors ?? 0);
  const body = bytesOf(new Uint32Array([0, link.index, 1]));
  return makeMessage(92, flags, sequence, body, makeAttribute(1, bytesOf(counters)));
}

export function memberStatsMessage(sequence: number, link: FakeLink): Uint8Array {
  const body = bytesOf(new Uint32Array([0, link.index, 4]));
  const counters = link.lacp === undefined ? [] : [nest(3, nest(2, nest(1, ...link.lacp)))];
  return makeMessage(92, 0, sequence, body, ...counters);
}

export function addressMessages(type: number, flags: number, sequence: number, link: FakeLink): Uint8Array[] {
  return (link.addresses ?? []).map(({ bytes, prefixLength }) => {
    const body = new Uint8Array(8);
    body.set([bytes.length === 4 ? 2 : 10, prefixLength, 0, 0]);
    body.set(bytesOf(new Uint32Array([link.index])), 4);
    return makeMessage(type, flags, sequence, body, makeAttribute(1, new Uint8Array(bytes)));
  });
}
