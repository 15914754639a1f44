// Answers about TCP sockets, read in place by offset. See "inet_diag_msg" in linux/inet_diag.h, and linux/netlink.h.

import { type DiagRequests, INET_DIAG_INFO, REQUEST_BYTES, SOCK_DIAG_BY_FAMILY } from "./inet-diag.ts";
import { AF_INET, AF_INET6, align, HEADER_BYTES, LITTLE_ENDIAN, MessageType } from "./message.ts";

/** Size of nlmsghdr and inet_diag_msg. Attributes follow them. */
const HEAD_BYTES = 88;

/** Positions in an answer and in a request, in words. Both ports are one word, an address is four words. */
const PORTS = 5;
const LOCAL = 6;
const REMOTE = 10;
const ASKED_FAMILY_BYTE = 16;
const ASKED_PORTS = 6;
const ASKED_LOCAL = 7;
const ASKED_REMOTE = 11;

/** A state of linux/tcp_states.h. A listener has no peer, and its tcp_info describes its queue. */
const TCP_LISTEN = 10;

export const DiagAnswer = { none: 0, socket: 1, error: 2, done: 3, damaged: 4 } as const;

/** Reads answers in the memory that received them: one message at a time, into the fields of this object. */
export class DiagReader {
  readonly #bytes: Uint8Array;
  readonly #halves: Uint16Array;
  /** The same memory as words in host order. */
  readonly words: Uint32Array;
  #from = 0;
  #end = 0;
  /** The kind of the message, a DiagAnswer. `damaged`: the message exceeds its datagram, or has another type. */
  kind: number = DiagAnswer.none;
  /** Sequence number of the request; -1 if the message is too short. */
  sequence = -1;
  /** The positive errno of an answer of kind `error`. */
  errno = 0;
  family = 0;
  state = 0;
  /** Word at which the message begins. */
  at = 0;
  /** `struct tcp_info`: its first word, and its length in bytes. 0 bytes in TIME_WAIT and SYN_RECV. */
  infoAt = 0;
  infoLength = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >>> 2);
    this.#halves = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >>> 1);
  }

  /** Begins a datagram of `length` bytes at byte `offset`, a multiple of 4. */
  begin(offset: number, length: number): void {
    this.#from = offset;
    this.#end = offset + length;
  }

  /** Reads the next message. Returns false after the last one. */
  next(): boolean {
    const left = this.#end - this.#from;
    if (left <= 0) return false;
    this.at = this.#from >>> 2;
    this.kind = DiagAnswer.damaged;
    this.sequence = left < 12 ? -1 : (this.words[this.at + 2] as number);
    const length = this.words[this.at] as number;
    if (left < HEADER_BYTES || length < HEADER_BYTES || length > left) {
      this.#from = this.#end;
      return true;
    }
    this.#take(this.#halves[this.at * 2 + 2] as number, length);
    this.#from += align(length);
    return true;
  }

  #take(type: number, length: number): void {
    if (type === MessageType.done) {
      this.kind = DiagAnswer.done;
    } else if (type === MessageType.error && length >= HEADER_BYTES + 4) {
      this.kind = DiagAnswer.error;
      this.errno = -((this.words[this.at + 4] as number) | 0);
    } else if (type === SOCK_DIAG_BY_FAMILY && length >= HEAD_BYTES) {
      this.family = this.#bytes[this.#from + HEADER_BYTES] as number;
      this.state = this.#bytes[this.#from + HEADER_BYTES + 1] as number;
      if (this.#findInfo(this.#from + HEAD_BYTES, this.#from + length)) this.kind = DiagAnswer.socket;
    }
  }

  /** Finds the tcp_info. Returns false if an attribute exceeds the message. */
  #findInfo(first: number, last: number): boolean {
    this.infoLength = 0;
    for (let at = first; last - at >= 4; ) {
      const length = this.#halves[at >>> 1] as number;
      if (length < 4 || length > last - at) return false;
      if (this.#halves[(at >>> 1) + 1] === INET_DIAG_INFO) {
        this.infoAt = (at + 4) >>> 2;
        this.infoLength = length - 4;
        return true;
      }
      at += align(length);
    }
    return true;
  }
}

/**
 * Tells whether the socket just read is the connection of request `index`. If the connection no longer exists, the
 * kernel answers with the listener on its port. An IPv6 socket with an IPv4 connection has mapped addresses.
 */
export function isAnswerTo(reader: DiagReader, requests: DiagRequests, index: number): boolean {
  const { words, at } = reader;
  const asked = requests.words;
  const start = (index * REQUEST_BYTES) >>> 2;
  if (reader.state === TCP_LISTEN || words[at + PORTS] !== asked[start + ASKED_PORTS]) return false;
  const family = requests.bytes[start * 4 + ASKED_FAMILY_BYTE];
  if (family === reader.family) {
    const width = family === AF_INET6 ? 4 : 1;
    return (
      same(words, at + LOCAL, asked, start + ASKED_LOCAL, width) &&
      same(words, at + REMOTE, asked, start + ASKED_REMOTE, width)
    );
  }
  return (
    family === AF_INET &&
    isMapped(words, at + LOCAL) &&
    words[at + LOCAL + 3] === asked[start + ASKED_LOCAL] &&
    isMapped(words, at + REMOTE) &&
    words[at + REMOTE + 3] === asked[start + ASKED_REMOTE]
  );
}

function same(a: Uint32Array, i: number, b: Uint32Array, j: number, count: number): boolean {
  for (let k = 0; k < count; k++) if (a[i + k] !== b[j + k]) return false;
  return true;
}

/** The bytes 00 00 ff ff as a word in host order: the prefix of mapped addresses. */
const MAPPED = new Uint32Array(Uint8Array.of(0, 0, 0xff, 0xff).buffer)[0];

const isMapped = (words: Uint32Array, at: number): boolean =>
  words[at] === 0 && words[at + 1] === 0 && words[at + 2] === MAPPED;

/**
 * Writes addresses and ports of the socket just read, in the layout of putDiagRequest, and returns the family. Mapped
 * addresses become IPv4. Used for dumps.
 */
export function takeConnection(reader: DiagReader, key: Uint32Array, at: number): number {
  const { words } = reader;
  const ipv4 = reader.family === AF_INET;
  const mapped = !ipv4 && isMapped(words, reader.at + LOCAL) && isMapped(words, reader.at + REMOTE);
  key[at + 8] = networkOrder(words[reader.at + PORTS] as number);
  for (let end = 0; end < 2; end++) {
    const from = reader.at + (end === 0 ? LOCAL : REMOTE);
    const to = at + 4 * end;
    key[to] = networkOrder(words[mapped ? from + 3 : from] as number);
    for (let i = 1; i < 4; i++) key[to + i] = ipv4 || mapped ? 0 : networkOrder(words[from + i] as number);
  }
  return ipv4 || mapped ? AF_INET : AF_INET6;
}

/** Converts a word from host order to network order, or back. */
function networkOrder(word: number): number {
  if (!LITTLE_ENDIAN) return word;
  return ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}
