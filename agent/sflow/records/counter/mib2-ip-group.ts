// IPv4 of a host. See sFlow Host Structures, "mib2_ip_group"; RFC 1213.

import { counter32, uint32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const mib2IpGroup = counterType("mib2_ip_group", 2007, {
  /** 1 if the host forwards packets, 2 if it does not. */
  ipForwarding: uint32,
  ipDefaultTTL: uint32,
  ipInReceives: counter32,
  ipInHdrErrors: counter32,
  ipInAddrErrors: counter32,
  ipForwDatagrams: counter32,
  ipInUnknownProtos: counter32,
  ipInDiscards: counter32,
  ipInDelivers: counter32,
  ipOutRequests: counter32,
  ipOutDiscards: counter32,
  ipOutNoRoutes: counter32,
  /** Timeout in seconds; not a counter. */
  ipReasmTimeout: uint32,
  ipReasmReqds: counter32,
  ipReasmOKs: counter32,
  ipReasmFails: counter32,
  ipFragOKs: counter32,
  ipFragFails: counter32,
  ipFragCreates: counter32,
});
