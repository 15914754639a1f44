// The local socket of an application sample, and the socket that a proxy opened behind it. See sFlow Application
// Structures, "extended_socket_ipv4".

import { type Type, uint32 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";
import { ipv4, ipv6 } from "../../scalar.ts";

const fields = (ip: Type<Uint8Array>) => ({
  /** IP protocol number. */
  protocol: uint32,
  local_ip: ip,
  remote_ip: ip,
  local_port: uint32,
  remote_port: uint32,
});

export const extendedSocketIpv4 = flowType("extended_socket_ipv4", 2100, fields(ipv4));
export const extendedSocketIpv6 = flowType("extended_socket_ipv6", 2101, fields(ipv6));
export const extendedProxySocketIpv4 = flowType("extended_proxy_socket_ipv4", 2102, fields(ipv4));
export const extendedProxySocketIpv6 = flowType("extended_proxy_socket_ipv6", 2103, fields(ipv6));
