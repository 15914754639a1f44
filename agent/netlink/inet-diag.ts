// Requests about TCP connections, many in one message. See linux/inet_diag.h and sock_diag(7).

import { AF_INET, MessageFlag } from "./message.ts";

export const SOCK_DIAG_BY_FAMILY = 20;

const IPPROTO_TCP = 6;
/** Type of an attribute of an answer. Bit `type - 1` of idiag_ext in the request asks for the attribute. */
export const INET_DIAG_INFO = 2;

/** Size of nlmsghdr and inet_diag_req_v2. */
export const REQUEST_BYTES = 72;

/** Positions in a request, in bytes. */
const SEQUENCE = 8;
const FAMILY = 16;
const EXTENSIONS = 18;
const STATES = 20;
const PORTS = 24;
const LOCAL = 28;
const REMOTE = 44;
const INTERFACE = 60;
const COOKIE = 64;

/** Several requests, sent with one system call. The kernel answers all of them before the call returns. */
export interface DiagRequests {
  readonly capacity: number;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** The same memory as words in host order: request i begins at `i * REQUEST_BYTES / 4`. */
  readonly words: Uint32Array;
}

export function makeDiagRequests(capacity: number): DiagRequests {
  const bytes = new Uint8Array(capacity * REQUEST_BYTES);
  for (let i = 0; i < capacity; i++) bytes.set(template(AF_INET, 0), i * REQUEST_BYTES);
  return { capacity, bytes, view: new DataView(bytes.buffer), words: new Uint32Array(bytes.buffer) };
}

function template(family: number, flags: number): Uint8Array {
  const bytes = new Uint8Array(REQUEST_BYTES);
  const words = new Uint32Array(bytes.buffer);
  words[0] = REQUEST_BYTES;
  new Uint16Array(bytes.buffer).set([SOCK_DIAG_BY_FAMILY, MessageFlag.request | flags], 2);
  bytes.set([family, IPPROTO_TCP, 1 << (INET_DIAG_INFO - 1)], FAMILY);
  words[STATES / 4] = 0xffff_ffff;
  // INET_DIAG_NOCOOKIE: sockets are matched by addresses alone.
  bytes.fill(0xff, COOKIE, COOKIE + 8);
  return bytes;
}

/**
 * Writes request `index`, for the socket of one connection. `key` has from `at` on the local address (4 words), the
 * remote address (4 words) and the ports (the local port in the upper half). Numbers are in network order; an IPv4
 * address is one word and three zeros. `interfaceIndex` is needed for sockets bound to a device and for link-local
 * addresses.
 */
export function putDiagRequest(
  requests: DiagRequests,
  index: number,
  sequence: number,
  family: number,
  interfaceIndex: number,
  key: Uint32Array,
  at: number,
): void {
  const { bytes, view, words } = requests;
  const start = index * REQUEST_BYTES;
  words[(start + SEQUENCE) >>> 2] = sequence;
  bytes[start + FAMILY] = family;
  view.setUint32(start + PORTS, key[at + 8] as number);
  for (let i = 0; i < 4; i++) view.setUint32(start + LOCAL + 4 * i, key[at + i] as number);
  for (let i = 0; i < 4; i++) view.setUint32(start + REMOTE + 4 * i, key[at + 4 + i] as number);
  words[(start + INTERFACE) >>> 2] = interfaceIndex;
}

/** States in which a socket has a tcp_info: all except SYN_RECV, TIME_WAIT, CLOSE, LISTEN. See linux/tcp_states.h. */
export const CONNECTED_STATES = (1 << 1) | (1 << 2) | (1 << 4) | (1 << 5) | (1 << 8) | (1 << 9) | (1 << 11);

/**
 * Requests all connections of a family in `states`, which has a bit for each state. Without any state, the answer is an
 * empty dump, or ENOENT if the kernel lacks tcp_diag.
 */
export function dumpRequest(family: number, states: number, sequence: number): Uint8Array {
  const bytes = template(family, MessageFlag.dump);
  const words = new Uint32Array(bytes.buffer);
  words[SEQUENCE / 4] = sequence;
  words[STATES / 4] = states;
  if (states === 0) bytes[EXTENSIONS] = 0;
  return bytes;
}
