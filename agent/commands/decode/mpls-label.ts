// Formats an entry of an MPLS label stack as sflowtool does. See RFC 3032.

/** Returns label, traffic class, bottom of stack, TTL: `100.0.1.64`. */
export const mplsLabel = (word: number): string =>
  `${word >>> 12}.${(word >>> 9) & 7}.${(word >>> 8) & 1}.${word & 255}`;
