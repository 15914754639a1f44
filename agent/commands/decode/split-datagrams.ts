// Splits bytes in which several datagrams follow one another. A host that leaves segmentation to its card passes a
// capture such a row of datagrams as one UDP packet. See sFlow v5, section 5; udp(7), UDP_SEGMENT.

import { uint32 } from "../../packet/bytes.ts";

/** Length of a datagram without samples from an IPv4 agent, the shortest there is. */
const LEAST_BYTES = 28;

/** Tells whether bytes at `at` begin as a datagram does: version 5, and an agent address of IPv4 or IPv6. */
export function beginsDatagram(bytes: Uint8Array, at: number): boolean {
  if (at + LEAST_BYTES > bytes.length || uint32(bytes, at) !== 5) return false;
  const type = uint32(bytes, at + 4);
  return type === 1 || type === 2;
}

/** Returns where the datagram at `at` ends by its lengths; undefined if they run over the end of `bytes`. */
export function endOfDatagram(bytes: Uint8Array, at: number): number | undefined {
  let next = at + (uint32(bytes, at + 4) === 1 ? LEAST_BYTES : LEAST_BYTES + 12);
  if (next > bytes.length) return undefined;
  for (let samples = uint32(bytes, next - 4); samples > 0; samples--) {
    if (next + 8 > bytes.length) return undefined;
    const length = uint32(bytes, next + 4);
    next += 8 + length + (-length & 3);
    if (next > bytes.length) return undefined;
  }
  return next;
}

/** Returns the datagrams in `bytes`. The last one has all bytes behind the last end that another datagram follows. */
export function splitDatagrams(bytes: Uint8Array): Uint8Array[] {
  const datagrams: Uint8Array[] = [];
  let begin = 0;
  while (beginsDatagram(bytes, begin)) {
    const end = endOfDatagram(bytes, begin);
    if (end === undefined || !beginsDatagram(bytes, end)) break;
    datagrams.push(bytes.subarray(begin, end));
    begin = end;
  }
  return [...datagrams, bytes.subarray(begin)];
}
