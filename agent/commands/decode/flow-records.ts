// Rules for flow records that a table of keys cannot describe: nested or bit-packed fields, keys that depend on values.

import { address } from "../../sflow/address.ts";
import { operationStatus } from "../../sflow/enums/application.ts";
import { packetDirection } from "../../sflow/enums/tcp.ts";
import { appOperation, appParentContext } from "../../sflow/records/flow/app-operation.ts";
import { extendedGateway } from "../../sflow/records/flow/extended-gateway.ts";
import { extendedMpls } from "../../sflow/records/flow/extended-mpls.ts";
import { extendedTcpInfo } from "../../sflow/records/flow/extended-tcp-info.ts";
import { extendedUser } from "../../sflow/records/flow/extended-user.ts";
import { extendedVlanin, extendedVlanout, extendedVlantunnel } from "../../sflow/records/flow/extended-vlantunnel.ts";
import { sampledHeader } from "../../sflow/records/flow/sampled-header.ts";
import type { ValueOf } from "../../xdr/type.ts";
import { flowKeys } from "./flow-keys.ts";
import { keyedPairs } from "./keys.ts";
import { headerPairs } from "./packet.ts";
import { type Pair, pair, typedPair } from "./pair.ts";
import { type Rule, rule } from "./rule.ts";
import { sampledRules } from "./sampled.ts";

const list = (key: string, values: readonly string[], between = "-"): Pair[] =>
  values.length === 0 ? [] : [pair(key, values.join(between))];

/** Shows the AS path from this router to the destination. AS numbers of a set are in parentheses. */
function gatewayPairs(value: ValueOf<typeof extendedGateway>): Pair[] {
  const systems = value.dst_as_path.flatMap((segment) => segment.as);
  const path = value.dst_as_path.map(({ type, as }) => (type === 1 ? `(${as.join("-")})` : as.join("-")));
  return [
    pair("extendedType", "GATEWAY"),
    typedPair("bgp_nexthop", address, value.nexthop),
    pair("my_as", value.as),
    pair("src_as", value.src_as),
    pair("src_peer_as", value.src_peer_as),
    ...list("dst_as_path", path.filter(Boolean)),
    pair("dst_as", systems.at(-1) ?? 0),
    pair("dst_peer_as", systems[0] ?? 0),
    ...list("BGP_communities", value.communities.map(String)),
    pair("BGP_localpref", value.localpref),
  ];
}

const utf8 = new TextDecoder();

const userPairs = (value: ValueOf<typeof extendedUser>): Pair[] => [
  pair("extendedType", "USER"),
  pair("src_user_charset", value.src_charset),
  pair("dst_user_charset", value.dst_charset),
  pair("src_user", utf8.decode(value.src_user)),
  pair("dst_user", utf8.decode(value.dst_user)),
];

/** Formats an entry of the MPLS label stack: label, traffic class, bottom of stack, TTL. */
const label = (word: number): string => `${word >>> 12}.${(word >>> 9) & 7}.${(word >>> 8) & 1}.${word & 255}`;

const mplsPairs = (value: ValueOf<typeof extendedMpls>): Pair[] => [
  pair("extendedType", "MPLS"),
  typedPair("mpls_nexthop", address, value.nexthop),
  ...list("mpls_input_stack", value.in_stack.map(label)),
  ...list("mpls_output_stack", value.out_stack.map(label)),
];

/** Formats a VLAN tag: TPID, priority, drop eligibility, VLAN id. */
const tag = (word: number): string =>
  `0x${(word >>> 16).toString(16).padStart(4, "0")}.${(word >>> 13) & 7}.${(word >>> 12) & 1}.${word & 4095}`;

const stackPairs =
  (key: string) =>
  ({ stack }: ValueOf<typeof extendedVlantunnel>): Pair[] =>
    list(key, stack.map(tag));

function operationPairs(value: ValueOf<typeof appOperation>): Pair[] {
  const { application, operation, attributes } = value.context;
  return [
    pair("flowSampleType", "applicationOperation"),
    ...filled({ application, operation, attributes, status_descr: value.status_descr }),
    pair("request_bytes", value.req_bytes),
    pair("response_bytes", value.resp_bytes),
    pair("duration_uS", value.uS),
    pair("status", operationStatus[value.status] ?? `<out-of-range=${value.status}>`),
  ];
}

const filled = (strings: Readonly<Record<string, string>>): Pair[] =>
  Object.entries(strings).flatMap(([key, value]) => (value === "" ? [] : [pair(key, value)]));

const contextPairs = ({ context }: ValueOf<typeof appParentContext>): Pair[] =>
  filled({
    server_context_application: context.application,
    server_context_operation: context.operation,
    server_context_attributes: context.attributes,
  });

const tcpPairs = (value: ValueOf<typeof extendedTcpInfo>): Pair[] => [
  pair("tcpinfo_direction", packetDirection[value.dir] ?? "<bad value>"),
  ...keyedPairs(extendedTcpInfo, value, flowKeys[extendedTcpInfo.name] ?? {}).filter(({ key }) => key !== "dir"),
];

export const flowRules: readonly Rule[] = [
  rule(sampledHeader, headerPairs),
  ...sampledRules,
  rule(extendedGateway, gatewayPairs),
  rule(extendedUser, userPairs),
  rule(extendedMpls, mplsPairs),
  rule(extendedVlantunnel, stackPairs("vlan_tunnel")),
  rule(extendedVlanin, stackPairs("vlan_in")),
  rule(extendedVlanout, stackPairs("vlan_out")),
  rule(appOperation, operationPairs),
  rule(appParentContext, contextPairs),
  rule(extendedTcpInfo, tcpPairs),
];
