// Reads ICMP counters of this host. /proc/net/snmp "Icmp"; sFlow Host Structures, "mib2_icmp_group".

import { mib2IcmpGroup } from "../sflow/records/counter/mib2-icmp-group.ts";
import { mib2Reader } from "./mib2.ts";

export const readMib2IcmpGroup = mib2Reader(mib2IcmpGroup, "Icmp", "icmp", {
  icmpInParamProbs: "InParmProbs",
  icmpOutParamProbs: "OutParmProbs",
});
