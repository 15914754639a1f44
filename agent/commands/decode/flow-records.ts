// Rules for flow records that a table of keys cannot describe: nested or bit-packed fields, keys that depend on values.

import { operationStatus } from "../../sflow/enums/application.ts";
import { packetDirection } from "../../sflow/enums/tcp.ts";
import { appOperation, appParentContext } from "../../sflow/records/flow/app-operation.ts";
import { extended80211Payload } from "../../sflow/records/flow/extended-80211-payload.ts";
import { extendedGateway } from "../../sflow/records/flow/extended-gateway.ts";
import { extendedMpls } from "../../sflow/records/flow/extended-mpls.ts";
import { extendedTcpInfo } from "../../sflow/records/flow/extended-tcp-info.ts";
import { extendedUser } from "../../sflow/records/flow/extended-user.ts";
import { extendedVlanin, extendedVlanout, extendedVlantunnel } from "../../sflow/records/flow/extended-vlantunnel.ts";
import { httpRequest } from "../../sflow/records/flow/http-request.ts";
import { httpRequest2011 } from "../../sflow/records/flow/http-request-2011.ts";
import { sampledHeader } from "../../sflow/records/flow/sampled-header.ts";
import type { ValueOf } from "../../xdr/type.ts";
import { flowKeys } from "./flow-keys.ts";
import { keyedFields } from "./keys.ts";
import { mplsLabel } from "./mpls-label.ts";
import { printHeader, printLlc } from "./packet.ts";
import type { Pairs } from "./pairs.ts";
import { type Print, type Rule, rule } from "./rule.ts";
import { sampledRules } from "./sampled.ts";

/** Prints a list that is not empty as one value. */
function printList(pairs: Pairs, key: string, values: readonly string[] = []): void {
  if (values.length > 0) pairs.word(key, values.join("-"));
}

/** Prints the AS path from this router to the destination. AS numbers of a set are in parentheses. */
const printGateway: Print<ValueOf<typeof extendedGateway>> = (pairs, value) => {
  const segments = value.dst_as_path ?? [];
  const systems = segments.flatMap(({ as = [] }) => as);
  const path = segments.map(({ type, as = [] }) => (type === 1 ? `(${as.join("-")})` : as.join("-")));
  pairs.word("extendedType", "GATEWAY");
  pairs.address("bgp_nexthop", value.nexthop);
  pairs.number("my_as", value.as);
  pairs.number("src_as", value.src_as);
  pairs.number("src_peer_as", value.src_peer_as);
  printList(pairs, "dst_as_path", path.filter(Boolean));
  pairs.number("dst_as", systems.at(-1));
  pairs.number("dst_peer_as", systems[0]);
  printList(pairs, "BGP_communities", value.communities?.map(String));
  pairs.number("BGP_localpref", value.localpref);
};

const utf8 = new TextDecoder();

const utf8Of = (bytes: Uint8Array | undefined): string | undefined => bytes && utf8.decode(bytes);

const printUser: Print<ValueOf<typeof extendedUser>> = (pairs, value) => {
  pairs.word("extendedType", "USER");
  pairs.number("src_user_charset", value.src_charset);
  pairs.number("dst_user_charset", value.dst_charset);
  pairs.text("src_user", utf8Of(value.src_user));
  pairs.text("dst_user", utf8Of(value.dst_user));
};

const printMpls: Print<ValueOf<typeof extendedMpls>> = (pairs, value) => {
  pairs.word("extendedType", "MPLS");
  pairs.address("mpls_nexthop", value.nexthop);
  printList(pairs, "mpls_input_stack", value.in_stack?.map(mplsLabel));
  printList(pairs, "mpls_output_stack", value.out_stack?.map(mplsLabel));
};

/** Formats a VLAN tag: TPID, priority, drop eligibility, VLAN id. */
const tag = (word: number): string =>
  `0x${(word >>> 16).toString(16).padStart(4, "0")}.${(word >>> 13) & 7}.${(word >>> 12) & 1}.${word & 4095}`;

const printStack =
  (key: string): Print<ValueOf<typeof extendedVlantunnel>> =>
  (pairs, { stack }) =>
    printList(pairs, key, stack?.map(tag));

const printOperation: Print<ValueOf<typeof appOperation>> = (pairs, value) => {
  pairs.word("flowSampleType", "applicationOperation");
  pairs.text("application", value.context?.application);
  pairs.text("operation", value.context?.operation);
  pairs.text("attributes", value.context?.attributes);
  pairs.text("status_descr", value.status_descr);
  pairs.number("request_bytes", value.req_bytes);
  pairs.number("response_bytes", value.resp_bytes);
  pairs.number("duration_uS", value.uS);
  if (value.status !== undefined)
    pairs.word("status", operationStatus[value.status] ?? `<out-of-range=${value.status}>`);
};

const printContext: Print<ValueOf<typeof appParentContext>> = (pairs, { context }) => {
  pairs.text("server_context_application", context?.application);
  pairs.text("server_context_operation", context?.operation);
  pairs.text("server_context_attributes", context?.attributes);
};

/** sflowtool reads a sampled_header here. The specification has the bytes of the payload only. */
const printPayload: Print<ValueOf<typeof extended80211Payload>> = (pairs, { ciphersuite, data }, missing) => {
  pairs.word("extendedType", "80211_payload");
  pairs.number("cipher_suite", ciphersuite);
  if (data === undefined) return;
  pairs.number("payloadLen", data.length + missing);
  pairs.dashed("payloadBytes", data);
  printLlc(pairs, data);
};

const tcpFields = keyedFields(extendedTcpInfo, flowKeys[extendedTcpInfo.name] ?? {});

const printTcp: Print<ValueOf<typeof extendedTcpInfo>> = (pairs, { dir, ...rest }) => {
  if (dir !== undefined) pairs.word("tcpinfo_direction", packetDirection[dir] ?? "<bad value>");
  tcpFields(pairs, rest);
};

/** The fields of each of its layouts are among those of the later structure. */
const printOldRequest: Print<ValueOf<typeof httpRequest2011>> = keyedFields(
  httpRequest,
  flowKeys[httpRequest.name] ?? {},
);

export const flowRules: readonly Rule[] = [
  rule(sampledHeader, printHeader),
  ...sampledRules,
  rule(extendedGateway, printGateway),
  rule(extendedUser, printUser),
  rule(extendedMpls, printMpls),
  rule(extendedVlantunnel, printStack("vlan_tunnel")),
  rule(extendedVlanin, printStack("vlan_in")),
  rule(extendedVlanout, printStack("vlan_out")),
  rule(extended80211Payload, printPayload),
  rule(appOperation, printOperation),
  rule(appParentContext, printContext),
  rule(extendedTcpInfo, printTcp),
  rule(httpRequest2011, printOldRequest),
];
