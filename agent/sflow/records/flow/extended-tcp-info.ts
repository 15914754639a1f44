// The state of the TCP connection of the packet. See the sFlow.org structure number registry, "extended_tcp_info";
// linux/tcp.h.

import { uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const extendedTcpInfo = flowType("extended_tcp_info", 2209, {
  /** The direction of the packet: 0 unknown, 1 received, 2 sent. */
  dir: uint32,
  /** Segment size in bytes, as `rcv_mss`. */
  snd_mss: uint32,
  rcv_mss: uint32,
  /** Numbers of packets. `retrans` is the total since the start of the connection, the others are present values. */
  unacked: uint32,
  lost: uint32,
  retrans: uint32,
  pmtu: uint32,
  /** Round-trip times in microseconds. */
  rtt: uint32,
  rttvar: uint32,
  snd_cwnd: uint32,
  reordering: uint32,
  min_rtt: uint32,
});
