// The five-tuple of a packet as 32-bit words, so that tables of flows need no objects. IPv4 and IPv6 have equally many.

import { uint32 } from "./bytes.ts";
import type { Layers } from "./layers.ts";

/**
 * Words of a key: source address in 0-3, destination address in 4-7, ports in 8 (source in the upper half), protocol
 * and IP version in 9 (protocol 255 if unknown). Words are in network order. An IPv4 address is one word and three
 * zeros.
 */
export const FLOW_KEY_WORDS = 10;

/**
 * Writes the key of `layers` at word `at` of `into`, with source and destination exchanged if `reverse`. Returns false
 * if the packet has no IP header.
 */
export function putFlowKey(
  into: Uint32Array,
  at: number,
  bytes: Uint8Array,
  layers: Layers,
  reverse: boolean,
): boolean {
  if (layers.ipVersion === 0) return false;
  const source = Math.max(layers.sourcePort, 0);
  const destination = Math.max(layers.destinationPort, 0);
  putAddress(into, at, bytes, reverse ? layers.destination : layers.source, layers.ipVersion);
  putAddress(into, at + 4, bytes, reverse ? layers.source : layers.destination, layers.ipVersion);
  into[at + 8] = reverse ? (destination << 16) | source : (source << 16) | destination;
  into[at + 9] = ((layers.protocol & 0xff) << 8) | layers.ipVersion;
  return true;
}

/** Writes the four words of an address. `version` is 4 or 6. */
export function putAddress(into: Uint32Array, at: number, bytes: Uint8Array, from: number, version: number): void {
  into[at] = uint32(bytes, from);
  for (let i = 1; i < 4; i++) into[at + i] = version === 6 ? uint32(bytes, from + 4 * i) : 0;
}
