// Reads UDP over IPv4 counters of this host. /proc/net/snmp "Udp"; sFlow Host Structures, "mib2_udp_group".

import { mib2UdpGroup } from "../sflow/records/counter/mib2-udp-group.ts";
import { mib2Reader } from "./mib2.ts";

export const readMib2UdpGroup = mib2Reader(mib2UdpGroup, "Udp", "udp");
