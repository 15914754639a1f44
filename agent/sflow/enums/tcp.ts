// Directions of a sampled packet, and retransmission timeout algorithms of TCP. sFlow.org registry,
// "extended_tcp_info"; RFC 4022.

export const packetDirection: Readonly<Record<number, string>> = {
  0: "unknown",
  1: "received",
  2: "sent",
};

export const rtoAlgorithm: Readonly<Record<number, string>> = {
  1: "other",
  2: "constant",
  3: "rsre",
  4: "vanj",
  5: "rfc2988",
};
