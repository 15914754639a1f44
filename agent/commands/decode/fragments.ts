// Joins the fragments of IP packets, in any order. See RFC 791, section 3.2; RFC 8200, section 4.5.

import { uint16 } from "../../packet/bytes.ts";
import type { Layers } from "../../packet/layers.ts";

/** Most packets whose fragments are kept at a time, and most fragments and bytes of one. Bounds the memory to 32 MB. */
const MOST_PACKETS = 256;
const MOST_FRAGMENTS = 2048;
const MOST_BYTES = 128 * 1024;
/** Seconds after which a fragment belongs to another packet with the same identification. */
const TIMEOUT = 30;
const IPV4_HEADER = 20;
const IPV6_HEADER = 40;

interface Fragment {
  readonly at: number;
  readonly bytes: Uint8Array;
}

interface Unfinished {
  readonly seconds: number;
  readonly fragments: Fragment[];
  /** The IP header of the first fragment, changed to that of the whole packet; undefined until it has arrived. */
  header: Uint8Array | undefined;
  /** Length of the whole payload; undefined until the last fragment has arrived. */
  length: number | undefined;
  received: number;
}

/** A packet in one piece: an IP header and the payload. `isWhole` is false if fragments are missing behind it. */
export interface JoinedPacket {
  readonly bytes: Uint8Array;
  readonly isWhole: boolean;
}

export class FragmentJoiner {
  readonly #unfinished = new Map<string, Unfinished>();
  /** The last packets that became whole. Further fragments of one were captured twice. */
  readonly #joined = new Set<string>();
  /** Incomplete packets without their first fragment, so that their ports are unknown. */
  headless = 0;

  /**
   * Adds the fragment in `layers`, which ends at `end`. Returns the packets that have become whole, or of which no more
   * is expected.
   */
  put(layers: Layers, bytes: Uint8Array, end: number, seconds: number): JoinedPacket[] {
    const { key, at, isLast, payload, headerLength } = placeOf(layers, bytes);
    const given: JoinedPacket[] = [];
    const known = this.#unfinished.get(key);
    if (known !== undefined && Math.abs(seconds - known.seconds) > TIMEOUT) given.push(...this.#giveUp(key, known));
    const unfinished = this.#unfinished.get(key) ?? this.#start(key, seconds, given);
    const size = Math.min(endOf(layers, bytes), end) - payload;
    if (size <= 0 || unfinished.fragments.length === MOST_FRAGMENTS || unfinished.received > MOST_BYTES) return given;
    unfinished.fragments.push({ at, bytes: bytes.slice(payload, payload + size) });
    unfinished.received += size;
    if (at === 0) unfinished.header = wholeHeader(layers, bytes, headerLength);
    if (isLast) unfinished.length = at + size;
    if (unfinished.length === undefined || unfinished.header === undefined || unfinished.received < unfinished.length)
      return given;
    const joined = join(unfinished.header, unfinished);
    if (joined.isWhole) {
      this.#unfinished.delete(key);
      this.#remember(key);
      given.push(joined);
    }
    return given;
  }

  /** Returns what there is of all packets that are still incomplete. */
  finish(): JoinedPacket[] {
    return [...this.#unfinished].flatMap(([key, unfinished]) => this.#giveUp(key, unfinished));
  }

  #start(key: string, seconds: number, given: JoinedPacket[]): Unfinished {
    const [oldest] = this.#unfinished;
    if (oldest !== undefined && this.#unfinished.size === MOST_PACKETS) given.push(...this.#giveUp(...oldest));
    const unfinished: Unfinished = { seconds, fragments: [], header: undefined, length: undefined, received: 0 };
    this.#unfinished.set(key, unfinished);
    return unfinished;
  }

  #remember(key: string): void {
    const [oldest] = this.#joined;
    if (oldest !== undefined && this.#joined.size === MOST_PACKETS) this.#joined.delete(oldest);
    this.#joined.add(key);
  }

  #giveUp(key: string, unfinished: Unfinished): JoinedPacket[] {
    this.#unfinished.delete(key);
    if (this.#joined.has(key)) return [];
    if (unfinished.header !== undefined) return [{ ...join(unfinished.header, unfinished), isWhole: false }];
    this.headless++;
    return [];
  }
}

interface Place {
  /** Identifies the packet of which this is a fragment. */
  readonly key: string;
  readonly at: number;
  readonly isLast: boolean;
  readonly payload: number;
  readonly headerLength: number;
}

function placeOf({ ip, ipVersion, fragment }: Layers, bytes: Uint8Array): Place {
  const text = (from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).toString("latin1");
  if (ipVersion === 4) {
    const field = uint16(bytes, ip + 6);
    return {
      key: text(ip + 12, ip + 20) + text(ip + 4, ip + 6) + text(ip + 9, ip + 10),
      at: (field & 0x1fff) * 8,
      isLast: (field & 0x2000) === 0,
      payload: ip + ((bytes[ip] as number) & 0xf) * 4,
      headerLength: IPV4_HEADER,
    };
  }
  const field = uint16(bytes, fragment + 2);
  return {
    key: text(ip + 8, ip + 40) + text(fragment + 4, fragment + 8),
    at: field & 0xfff8,
    isLast: (field & 1) === 0,
    payload: fragment + 8,
    headerLength: IPV6_HEADER,
  };
}

/** Returns where the packet ends by the length in its IP header, which leaves out padding of Ethernet. */
function endOf({ ip, ipVersion }: Layers, bytes: Uint8Array): number {
  return ipVersion === 4 ? ip + uint16(bytes, ip + 2) : ip + IPV6_HEADER + uint16(bytes, ip + 4);
}

/** Makes the header of the whole packet, without options and without a length, which may not fit its field. */
function wholeHeader({ ip, ipVersion, fragment }: Layers, bytes: Uint8Array, length: number): Uint8Array {
  const header = bytes.slice(ip, ip + length);
  if (ipVersion === 4) {
    header[0] = 0x45;
    header.fill(0, 2, 4);
    header.fill(0, 6, 8);
  } else {
    header[6] = bytes[fragment] as number;
    header.fill(0, 4, 6);
  }
  return header;
}

/** Joins a header and the fragments up to the first gap. */
function join(header: Uint8Array, { fragments, length = Number.POSITIVE_INFINITY }: Unfinished): JoinedPacket {
  const sorted = fragments.toSorted((a, b) => a.at - b.at);
  let reach = 0;
  const parts = [header];
  for (const { at, bytes } of sorted) {
    if (at > reach) break;
    const fresh = bytes.subarray(reach - at);
    parts.push(fresh);
    reach += fresh.length;
  }
  return { bytes: new Uint8Array(Buffer.concat(parts)), isWhole: reach >= length };
}
