// TCP of a host. See sFlow Host Structures, "mib2_tcp_group"; RFC 1213.

import { counter32, int32, uint32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const mib2TcpGroup = counterType("mib2_tcp_group", 2009, {
  tcpRtoAlgorithm: uint32,
  /** Time in milliseconds. */
  tcpRtoMin: uint32,
  tcpRtoMax: uint32,
  /** -1 means dynamic. */
  tcpMaxConn: int32,
  tcpActiveOpens: counter32,
  tcpPassiveOpens: counter32,
  tcpAttemptFails: counter32,
  tcpEstabResets: counter32,
  /** The present number of connections; not a counter. */
  tcpCurrEstab: uint32,
  tcpInSegs: counter32,
  tcpOutSegs: counter32,
  tcpRetransSegs: counter32,
  tcpInErrs: counter32,
  tcpOutRsts: counter32,
  tcpInCsumErrors: counter32,
});
