// UDP over IPv4 of a host. See sFlow Host Structures, "mib2_udp_group"; RFC 1213.

import { counter32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const mib2UdpGroup = counterType("mib2_udp_group", 2010, {
  udpInDatagrams: counter32,
  udpNoPorts: counter32,
  udpInErrors: counter32,
  udpOutDatagrams: counter32,
  udpRcvbufErrors: counter32,
  udpSndbufErrors: counter32,
  udpInCsumErrors: counter32,
});
