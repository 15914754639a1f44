// The outermost protocol of a sampled header. See sFlow v5, section 5 "header_protocol". Number 18 is used by
// host-sflow and sflowtool.

export const headerProtocol: Readonly<Record<number, string>> = {
  1: "ETHERNET-ISO88023",
  2: "ISO88024-TOKENBUS",
  3: "ISO88025-TOKENRING",
  4: "FDDI",
  5: "FRAME-RELAY",
  6: "X25",
  7: "PPP",
  8: "SMDS",
  9: "AAL5",
  10: "AAL5-IP",
  11: "IPv4",
  12: "IPv6",
  13: "MPLS",
  14: "POS",
  15: "IEEE80211MAC",
  16: "IEEE80211-AMPDU",
  17: "IEEE80211-AMSDU-Subframe",
  18: "INFINIBAND",
};
