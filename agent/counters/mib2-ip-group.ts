// Reads IPv4 counters of this host. /proc/net/snmp "Ip"; sFlow Host Structures, "mib2_ip_group".

import { mib2IpGroup } from "../sflow/records/counter/mib2-ip-group.ts";
import { mib2Reader } from "./mib2.ts";

export const readMib2IpGroup = mib2Reader(mib2IpGroup, "Ip", "ip");
