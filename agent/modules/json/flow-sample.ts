// Reads flow_sample of a message: an operation of an application, with its parties and sockets.

import { parseAddress } from "../../config/address.ts";
import { type FlowRecord, flowRecord, type RecordType } from "../../sflow/record.ts";
import { appInitiator, appTarget } from "../../sflow/records/flow/app-actor.ts";
import { appOperation, appParentContext } from "../../sflow/records/flow/app-operation.ts";
import { extendedNavTiming } from "../../sflow/records/flow/extended-nav-timing.ts";
import { extendedProxyRequest } from "../../sflow/records/flow/extended-proxy-request.ts";
import {
  extendedProxySocketIpv4,
  extendedProxySocketIpv6,
  extendedSocketIpv4,
  extendedSocketIpv6,
} from "../../sflow/records/flow/extended-socket.ts";
import { httpRequest } from "../../sflow/records/flow/http-request.ts";
import { memcacheOperation } from "../../sflow/records/flow/memcache-operation.ts";
import { Fault } from "./fault.ts";
import { readMethod, readProtocol } from "./http.ts";
import { DURATION, recordReader, unlessEmpty } from "./record-reader.ts";
import { readSender, SENDER, type Sender } from "./sender.ts";
import { Shape } from "./shape.ts";
import { flag, object, type Read, text, whole } from "./values.ts";

/** A sampled operation as its application describes it. */
export interface FlowSample extends Sender {
  readonly client: boolean;
  readonly samplingRate: number;
  /** The outcome; undefined if the sample has no app_operation. */
  readonly status: number | undefined;
  /** Undefined if the sample has no http_request. */
  readonly http: { readonly method: number; readonly status: number } | undefined;
  /** The most important first. */
  readonly records: readonly FlowRecord[];
}

const MOST_STATUS = 10;
const OTHER = 1;
const PORT = unlessEmpty(whole(0, 0xffff));
const PROTOCOL = whole(0, 0xff);

const outcome = (value: unknown): number => {
  const status = whole(0, 0xffff_ffff, true)(value);
  return status > MOST_STATUS ? OTHER : status;
};

const CONTEXT = { application: text, operation: text, attributes: text };
const operationReader = recordReader(appOperation, {
  ...{ operation: text, attributes: text, status: unlessEmpty(outcome) },
  ...DURATION,
});
const contextShape = new Shape(CONTEXT);
const httpReader = recordReader(httpRequest, {
  method: readMethod,
  protocol: readProtocol,
  mime_type: text,
  ...DURATION,
});

const socketReader = <T>(type: RecordType<"flow_data", T>) =>
  recordReader(type, { protocol: PROTOCOL, local_port: PORT, remote_port: PORT });

/** Reads a record whose keys are its fields. */
const plainly =
  <T>(type: RecordType<"flow_data", T>, read = recordReader(type)): Read =>
  (value) =>
    flowRecord(type, read(value));

const socketOf = <T>(type: RecordType<"flow_data", T>) => plainly(type, socketReader(type));

/** Reads a socket whose addresses may be of either family, because a log format is the same for both. */
const eitherFamily =
  (four: Read, six: Read): Read =>
  (value) => {
    const { local_ip: local, remote_ip: remote } = object(value);
    const known = [local, remote].find((ip) => typeof ip === "string");
    return (typeof known === "string" && parseAddress(known)?.length === 16 ? six : four)(value);
  };

const [socket4, socket6] = [socketOf(extendedSocketIpv4), socketOf(extendedSocketIpv6)];
const [proxy4, proxy6] = [socketOf(extendedProxySocketIpv4), socketOf(extendedProxySocketIpv6)];

/** The records beside the operation, in the order in which they are sent. */
const PARTS = {
  extended_socket_ipv4: socket4,
  extended_socket_ipv6: socket6,
  extended_socket: eitherFamily(socket4, socket6),
  extended_proxy_socket_ipv4: proxy4,
  extended_proxy_socket_ipv6: proxy6,
  extended_proxy_socket: eitherFamily(proxy4, proxy6),
  app_initiator: plainly(appInitiator),
  app_target: plainly(appTarget),
  extended_proxy_request: plainly(extendedProxyRequest),
  extended_nav_timing: plainly(extendedNavTiming, recordReader(extendedNavTiming)),
} as const;
const PART_KEYS = Object.keys(PARTS) as (keyof typeof PARTS)[];

const shape = new Shape({
  ...SENDER,
  ...{ client: flag, sampling_rate: unlessEmpty(whole(0, 0xffff_ffff, true)) },
  ...{ app_operation: operationReader, http_request: httpReader, memcache_operation: plainly(memcacheOperation) },
  app_parent_context: (value) => contextShape.read(object(value)),
  ...PARTS,
});

type Operation = ReturnType<typeof operationReader>;
type Request = ReturnType<typeof httpReader>;
type Context = { readonly [K in keyof typeof CONTEXT]?: string };

function operationRecord(application: string, operation: Operation): FlowRecord {
  const { operation: name = "", attributes = "" } = operation as Context;
  return flowRecord(appOperation, Object.assign(operation, { context: { application, operation: name, attributes } }));
}

/** As in hsflowd, a parent without an application is left out. */
function parentRecords({ application, operation = "", attributes = "" }: Context): FlowRecord[] {
  if (application === undefined) return [];
  return [flowRecord(appParentContext, { context: { application, operation, attributes } })];
}

/** Throws a Fault if the sample is not valid as a whole. */
export function readFlowSample(value: unknown): FlowSample {
  const given = shape.read(object(value));
  const sender = readSender(given);
  const operation = given.app_operation as Operation | undefined;
  const request = given.http_request as Request | undefined;
  const memcache = given.memcache_operation as FlowRecord | undefined;
  const records: FlowRecord[] = [];
  if (operation !== undefined) records.push(operationRecord(sender.application, operation));
  if (request !== undefined) records.push(flowRecord(httpRequest, request));
  if (memcache !== undefined) records.push(memcache);
  if (records.length === 0) throw new Fault("Missing", "expected app_operation, http_request or memcache_operation");
  for (const key of PART_KEYS) if (given[key] !== undefined) records.push(given[key] as FlowRecord);
  if (given.app_parent_context !== undefined) records.push(...parentRecords(given.app_parent_context as Context));
  return {
    ...sender,
    client: given.client === true,
    samplingRate: Number(given.sampling_rate ?? 1) || 1,
    status: operation?.status,
    http: request && { method: request.method, status: request.status },
    records,
  };
}
