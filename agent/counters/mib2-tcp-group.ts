// Reads TCP counters of this host. /proc/net/snmp "Tcp"; sFlow Host Structures, "mib2_tcp_group".

import { mib2TcpGroup } from "../sflow/records/counter/mib2-tcp-group.ts";
import { mib2Reader } from "./mib2.ts";

export const readMib2TcpGroup = mib2Reader(mib2TcpGroup, "Tcp", "tcp");
