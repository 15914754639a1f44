// Recognizes the agent's own datagrams among marked packets: whole ones in the program of a tap, fragments in the
// reader. See RFC 791; RFC 8200; sFlow v5, section 5, "sample_datagram".

import { IPPROTO_UDP } from "../../sockets/socket-constants.ts";
import type { OwnEndpoint } from "../own-traffic.ts";
import * as bpf from "./assembler.ts";
import { If, type Instruction, labelled, Operation, r0, r1, r2, r3, r4, r5, r6, r10, Size } from "./assembler.ts";
import { SharedMap } from "./layout.ts";

/** bpf_skb_load_bytes_relative, from the header of IP on: BPF_HDR_START_NET. */
const LOAD_BYTES_RELATIVE = 68;
const NETWORK_HEADER = 1;
/** Headers of IPv6 and UDP, and the version of sFlow. The agent's datagrams are longer. */
const LOADED = 52;
/** Where the octets are on the stack. */
const STACK = -56;

/** Version 4, and a header of 20 octets: the agent's datagrams have no options. */
const PLAIN_IPV4 = 0x45;
const [IPV4_BYTES, IPV6_BYTES] = [20, 40];
/** Offsets of the protocol. */
const [PROTOCOL_4, PROTOCOL_6] = [9, 6];
const FRAGMENT = 6;
/** "More fragments" and the fragment offset. */
const FRAGMENT_BITS = 0x3fff;
const FRAGMENT_HEADER = 44;
const SFLOW_VERSION = 5;

const read = (size: number, to: number, at: number): Instruction => bpf.load(size, to, bpf.r10, STACK + at);

const readHalf = (to: number, at: number): Instruction[] => [
  read(Size.half, to, at),
  bpf.networkHalf(to),
  bpf.computeValue(Operation.and, to, 0xffff),
];

/** Recognizes a datagram by its source port and content. `at` is the offset of the UDP header. */
const byPort = (at: number, shared: number, ports: number, own: string, other: string): Instruction[] => [
  ...readHalf(r2, at + 8),
  bpf.jumpIfValue(If.notEqual, r2, 0, other),
  ...readHalf(r2, at + 10),
  bpf.jumpIfValue(If.notEqual, r2, SFLOW_VERSION, other),
  ...readHalf(r2, at),
  bpf.copy(r3, r2),
  bpf.computeValue(Operation.shiftRight, r3, 5),
  bpf.computeValue(Operation.shiftLeft, r3, 2),
  bpf.loadMapValue(r4, shared, ports),
  bpf.compute(Operation.add, r4, r3),
  bpf.load(Size.word, r5, r4, 0),
  bpf.computeValue(Operation.and, r2, 31),
  bpf.compute(Operation.shiftRight, r5, r2),
  bpf.jumpIfValue(If.anyBit, r5, 1, own),
  bpf.jump(other),
];

/**
 * Jumps to `own` for a whole datagram of the agent, to `other` for any other packet, also for a fragment. The packet is
 * in r6. Does not change r7 to r9.
 */
export const ownDatagram = (shared: number, own: string, other: string): Instruction[] => [
  bpf.copy(r1, r6),
  bpf.set(r2, 0),
  bpf.copy(r3, r10),
  bpf.computeValue(Operation.add, r3, STACK),
  bpf.set(r4, LOADED),
  bpf.set(r5, NETWORK_HEADER),
  bpf.call(LOAD_BYTES_RELATIVE),
  bpf.jumpIfValue(If.notEqual, r0, 0, other),
  read(Size.byte, r1, 0),
  bpf.jumpIfValue(If.equal, r1, PLAIN_IPV4, "ipv4"),
  bpf.computeValue(Operation.shiftRight, r1, 4),
  bpf.jumpIfValue(If.notEqual, r1, 6, other),
  read(Size.byte, r1, PROTOCOL_6),
  bpf.jumpIfValue(If.notEqual, r1, IPPROTO_UDP, other),
  ...byPort(IPV6_BYTES, shared, SharedMap.ports6, own, other),
  ...labelled("ipv4", [read(Size.byte, r1, PROTOCOL_4)]),
  bpf.jumpIfValue(If.notEqual, r1, IPPROTO_UDP, other),
  ...readHalf(r1, FRAGMENT),
  bpf.jumpIfValue(If.anyBit, r1, FRAGMENT_BITS, other),
  ...byPort(IPV4_BYTES, shared, SharedMap.ports4, own, other),
];

/** Returns the ports of sockets whose peers have addresses of `length` octets, as bits. */
export function portBits(endpoints: readonly OwnEndpoint[], length: number): Uint32Array {
  const bits = new Uint32Array(65_536 / 32);
  for (const { port, destination } of endpoints) {
    if (destination.length === length) bits[port >>> 5] = (bits[port >>> 5] as number) | (1 << (port & 31));
  }
  return bits;
}

/** Octets of a packet without a link layer that `isOwnFragment` needs. */
export const NEEDED_BYTES = IPV6_BYTES + 1;

/**
 * Tells whether a marked IP packet of `length` octets at `at` is a fragment of one of the agent's datagrams. Most
 * fragments have no UDP header, so the destination decides. The last fragment may have a few octets only.
 */
export function isOwnFragment(
  bytes: Uint8Array,
  at: number,
  length: number,
  endpoints: readonly OwnEndpoint[],
): boolean {
  const octet = (offset: number): number => bytes[at + offset] as number;
  if (length < IPV4_BYTES) return false;
  if (octet(0) === PLAIN_IPV4) {
    const fragment = ((octet(FRAGMENT) << 8) | octet(FRAGMENT + 1)) & FRAGMENT_BITS;
    return fragment !== 0 && octet(PROTOCOL_4) === IPPROTO_UDP && isDestination(bytes, at + 16, 4, endpoints);
  }
  if (length < NEEDED_BYTES) return false;
  const isFragment = octet(0) >>> 4 === 6 && octet(PROTOCOL_6) === FRAGMENT_HEADER;
  return isFragment && octet(IPV6_BYTES) === IPPROTO_UDP && isDestination(bytes, at + 24, 16, endpoints);
}

const isDestination = (bytes: Uint8Array, at: number, length: number, endpoints: readonly OwnEndpoint[]): boolean =>
  endpoints.some(
    ({ destination }) => destination.length === length && destination.every((octet, i) => octet === bytes[at + i]),
  );
