// The part of a tap's filter that recognizes the agent's own datagrams among marked packets. See linux/filter.h; RFC
// 791; RFC 8200; sFlow v5, section 5, "sample_datagram".

import * as bpf from "../sockets/filter.ts";
import { IPPROTO_UDP } from "../sockets/socket-constants.ts";
import { type Instruction, jump, jumpIf, jumpUnless } from "./bpf-assembler.ts";
import type { OwnEndpoint } from "./own-traffic.ts";

/** skb->protocol: SKF_AD_OFF plus SKF_AD_PROTOCOL. */
const PROTOCOL = 0xffff_f000;
const ETHERNET_BYTES = 14;
const TAG_BYTES = 4;
const TAGS = [0x8100, 0x88a8];
const [IPV4, IPV6] = [0x0800, 0x86dd];
/** Version 4, and a header of 20 bytes: the agent's datagrams have no options. */
const PLAIN_IPV4 = 0x45;
/** "More fragments" and the fragment offset. */
const FRAGMENT_BITS = 0x3fff;
const FRAGMENT_HEADER = 44;
/** The first word of each datagram. */
const SFLOW_VERSION = 5;
/** Offsets from the beginning of the IP header, which is in the register X. */
const byte = (k: number): Instruction => ({ code: bpf.LOAD_BYTE_FROM_X, k });
const half = (k: number): Instruction => ({ code: bpf.LOAD_HALF_FROM_X, k });
const word = (k: number): Instruction => ({ code: bpf.LOAD_WORD_FROM_X, k });
const setX = (k: number): Instruction => ({ code: bpf.SET_X, k });

/**
 * Requires this many bytes from the beginning of the IP header: a load beyond the end of a packet would drop it. The
 * last fragment of a datagram can be one byte long.
 */
const atLeast = (bytes: number): Instruction[] => [
  { code: bpf.LOAD_LENGTH, k: 0 },
  { code: bpf.SUBTRACT_X, k: 0 },
  { code: bpf.JUMP_IF_AT_LEAST, k: bytes, equal: 1 },
  jump("other"),
];

const labelled = (label: string, [first, ...rest]: Instruction[]): Instruction[] =>
  first === undefined ? [] : [{ ...first, label }, ...rest];

/** Sets X, and loads the EtherType. A tag is in the packet only where the interface has no offload for it. */
const enterEthernet: Instruction[] = [
  setX(0),
  ...atLeast(ETHERNET_BYTES + TAG_BYTES),
  setX(ETHERNET_BYTES),
  { code: bpf.LOAD_HALF, k: ETHERNET_BYTES - 2 },
  ...TAGS.flatMap((tag) => jumpIf(tag, "tagged")),
  jump("typed"),
  { ...setX(ETHERNET_BYTES + TAG_BYTES), label: "tagged" },
  { code: bpf.LOAD_HALF, k: ETHERNET_BYTES + TAG_BYTES - 2 },
];
const enterBare: Instruction[] = [setX(0), { code: bpf.LOAD_WORD, k: PROTOCOL }];

/** Recognizes the datagrams of sockets by port and version. `at` is the offset of the UDP header. */
const byPort = (at: number, ports: readonly number[], content: string): Instruction[] => [
  ...atLeast(at + 12),
  half(at),
  ...ports.flatMap((port) => jumpIf(port, content)),
  jump("other"),
  ...labelled(content, [word(at + 8), ...jumpIf(SFLOW_VERSION, "own"), jump("other")]),
];

const wordsOf = (address: Uint8Array): number[] => {
  const view = new DataView(address.buffer, address.byteOffset, address.length);
  return Array.from({ length: address.length / 4 }, (_, i) => view.getUint32(i * 4));
};

/** Recognizes a fragment by its destination, because most fragments have no UDP header. */
const byDestination = (at: number, addresses: readonly Uint8Array[]): Instruction[] => [
  ...addresses.flatMap((address) => {
    const words = wordsOf(address);
    // Skips the remaining words and the jump.
    const test = (k: number, i: number): Instruction[] => [
      word(at + i * 4),
      { code: bpf.JUMP_IF_EQUAL, k, differs: (words.length - i - 1) * 2 + 1 },
    ];
    return [...words.flatMap(test), jump("own")];
  }),
  jump("other"),
];

const portsOf = (endpoints: readonly OwnEndpoint[]): number[] => endpoints.map(({ port }) => port);
const destinationsOf = (endpoints: readonly OwnEndpoint[]): Uint8Array[] =>
  endpoints.map(({ destination }) => destination);

const inIpv4 = (endpoints: readonly OwnEndpoint[]): Instruction[] => [
  ...atLeast(20),
  byte(0),
  ...jumpUnless(PLAIN_IPV4, "other"),
  byte(9),
  ...jumpUnless(IPPROTO_UDP, "other"),
  half(6),
  { code: bpf.JUMP_IF_SET, k: FRAGMENT_BITS, differs: 1 },
  jump("fragment4"),
  ...byPort(20, portsOf(endpoints), "content4"),
  ...labelled("fragment4", byDestination(16, destinationsOf(endpoints))),
];

const inIpv6 = (endpoints: readonly OwnEndpoint[]): Instruction[] => [
  ...atLeast(41),
  byte(6),
  ...jumpIf(FRAGMENT_HEADER, "fragment6"),
  ...jumpUnless(IPPROTO_UDP, "other"),
  ...byPort(40, portsOf(endpoints), "content6"),
  ...labelled("fragment6", [
    byte(40),
    ...jumpUnless(IPPROTO_UDP, "other"),
    ...byDestination(24, destinationsOf(endpoints)),
  ]),
];

/**
 * Returns instructions that jump to "own" for a datagram of one of the sockets, and to "other" for any other packet.
 * They begin at `label`. Packets begin with an Ethernet header, or else with an IP header.
 */
export function ownTrafficFilter(label: string, isEthernet: boolean, endpoints: readonly OwnEndpoint[]): Instruction[] {
  const four = endpoints.filter(({ destination }) => destination.length === 4);
  const six = endpoints.filter(({ destination }) => destination.length === 16);
  return [
    ...labelled(label, isEthernet ? enterEthernet : enterBare),
    ...labelled("typed", [
      ...(four.length > 0 ? jumpIf(IPV4, "four") : []),
      ...(six.length > 0 ? jumpIf(IPV6, "six") : []),
      jump("other"),
    ]),
    ...(four.length > 0 ? labelled("four", inIpv4(four)) : []),
    ...(six.length > 0 ? labelled("six", inIpv6(six)) : []),
  ];
}
