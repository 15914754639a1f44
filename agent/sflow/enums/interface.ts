// State and kind of an interface. See sFlow v5, section 5 "if_counters"; IANAifType-MIB.

export const ifDirection: Readonly<Record<number, string>> = {
  0: "unknown",
  1: "full-duplex",
  2: "half-duplex",
  3: "in",
  4: "out",
};

/** The types that a Linux host can have. */
export const ifType: Readonly<Record<number, string>> = {
  1: "other",
  6: "ethernetCsmacd",
  23: "ppp",
  24: "softwareLoopback",
  53: "propVirtual",
  71: "ieee80211",
  131: "tunnel",
  135: "l2vlan",
  161: "ieee8023adLag",
  199: "infiniband",
  209: "bridge",
};
