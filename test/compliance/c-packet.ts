// C, how a flow sample describes its packet: lengths, direction, protocol, and records that agree with the header.

import { recordOf } from "../../agent/sflow/decode.ts";
import { extendedEntities } from "../../agent/sflow/records/flow/extended-entities.ts";
import { extendedQueue } from "../../agent/sflow/records/flow/extended-queue.ts";
import { extendedRouter } from "../../agent/sflow/records/flow/extended-router.ts";
import { extendedSocketIpv4, extendedSocketIpv6 } from "../../agent/sflow/records/flow/extended-socket.ts";
import { extendedSwitch } from "../../agent/sflow/records/flow/extended-switch.ts";
import { extendedTcpInfo } from "../../agent/sflow/records/flow/extended-tcp-info.ts";
import { extendedTimestamp } from "../../agent/sflow/records/flow/extended-timestamp.ts";
import { type Check, check, type Evidence, eachOf } from "./check.ts";
import { directionOf, isInternal, type Sampled, sampledPackets } from "./sampled.ts";
import type { PlacedFlow } from "./stream.ts";

const FCS = 4;
const ETHERNET = 1;

const packets = (evidence: Evidence): Sampled[] => sampledPackets(evidence.stream);

/** Octets of the frame without its FCS, from its IP header; undefined where the header does not tell. */
function lengthByIp({ header: { header }, layers: { ip, ipVersion } }: Sampled): number | undefined {
  if (ipVersion === 0) return undefined;
  const view = new DataView(header.buffer, header.byteOffset);
  const length = ipVersion === 4 ? view.getUint16(ip + 2) : view.getUint16(ip + 4) + 40;
  return ipVersion === 4 && length === 0 ? undefined : ip + length;
}

const SHORTEST_FRAME = 60;

function judgeFrame(sampled: Sampled): string | undefined {
  const { frame_length, stripped, protocol } = sampled.header;
  if (protocol !== ETHERNET) return undefined;
  if (stripped < FCS) return `stripped ${stripped}, the FCS alone is ${FCS}`;
  const expected = lengthByIp(sampled);
  const actual = frame_length - stripped;
  if (expected === undefined || actual === expected) return undefined;
  return actual > expected && actual <= SHORTEST_FRAME ? undefined : `${actual} octets, its IP header says ${expected}`;
}

function judgeProtocol({ header: { protocol, header } }: Sampled): string | undefined {
  if (protocol !== 11 && protocol !== 12) return undefined;
  const version = (header[0] ?? 0) >>> 4;
  return version === (protocol === 11 ? 4 : 6) ? undefined : `header_protocol ${protocol}, IP version ${version}`;
}

/** A single interface on one side, and the host itself on the other. */
function judgePorts({ sample }: PlacedFlow): string | undefined {
  const { input, output, source } = sample;
  if (isInternal(input) && isInternal(output)) return "both ends are the host itself";
  if (!isInternal(input) && !isInternal(output)) return undefined;
  const other = isInternal(input) ? output : input;
  return other.value === source.index || other.value === 0
    ? undefined
    : `interface ${other.value} at source ${source.index}`;
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

/** For a received packet, local is the destination. */
function judgeSocket(sampled: Sampled): string | undefined {
  const { sample, layers, header } = sampled;
  const socket = recordOf(sample.records, extendedSocketIpv4) ?? recordOf(sample.records, extendedSocketIpv6);
  if (socket === undefined || layers.ipVersion === 0) return undefined;
  const size = layers.ipVersion === 4 ? 4 : 16;
  const source = header.header.subarray(layers.source, layers.source + size);
  const destination = header.header.subarray(layers.destination, layers.destination + size);
  const [local, remote] = directionOf(sampled) === "sent" ? [source, destination] : [destination, source];
  return sameBytes(socket.local_ip, local) && sameBytes(socket.remote_ip, remote) ? undefined : "addresses disagree";
}

const TCP = 6;

function judgeTcpInfo(sampled: Sampled): string | undefined {
  const info = recordOf(sampled.sample.records, extendedTcpInfo);
  if (info === undefined) return undefined;
  if (sampled.layers.protocol !== TCP) return `on a packet of protocol ${sampled.layers.protocol}`;
  const direction = directionOf(sampled);
  const said = ["unknown", "received", "sent"][info.dir];
  return direction === undefined || said === direction ? undefined : `dir ${said}, ports say ${direction}`;
}

function judgeTimestamp({ sample, seen }: PlacedFlow): string | undefined {
  const stamp = recordOf(sample.records, extendedTimestamp);
  if (stamp === undefined) return undefined;
  const age = seen.time - Number(stamp.nanoseconds) / 1e9;
  return age > 1.2 || age < -0.05 ? `${age.toFixed(3)} s before it arrived` : undefined;
}

function judgeSwitch({ sample }: PlacedFlow): string | undefined {
  const value = recordOf(sample.records, extendedSwitch);
  if (value === undefined) return undefined;
  const vlan = [value.src_vlan, value.dst_vlan].find((tag = 0) => tag > 4095);
  const priority = [value.src_priority, value.dst_priority].find((tag = 0) => tag > 7);
  if (vlan !== undefined) return `VLAN ${vlan}`;
  return priority === undefined ? undefined : `priority ${priority}`;
}

function judgeRouter({ sample, layers }: Sampled): string | undefined {
  const value = recordOf(sample.records, extendedRouter);
  if (value === undefined) return undefined;
  const longest = Math.max(value.src_mask_len, value.dst_mask_len);
  if (longest > (layers.ipVersion === 6 ? 128 : 32)) return `mask length ${longest}`;
  return value.nexthop.length === 16 && layers.ipVersion === 4 ? "IPv6 next hop of an IPv4 packet" : undefined;
}

/** Data sources that have counter samples, as `class:index`. */
const polled = ({ stream }: Evidence): Set<string> =>
  new Set(stream.counters.map(({ sample: { source } }) => `${source.class}:${source.index}`));

function judgeEntities({ sample }: PlacedFlow, known: ReadonlySet<string>): string | undefined {
  const value = recordOf(sample.records, extendedEntities);
  if (value === undefined) return undefined;
  const named = [`${value.src_ds_class}:${value.src_ds_index}`, `${value.dst_ds_class}:${value.dst_ds_index}`];
  const missing = named.find((source) => source !== "0:0" && !known.has(source));
  return missing && `${missing} has no counters`;
}

const judged =
  <T extends PlacedFlow>(of: (evidence: Evidence) => readonly T[], judge: (item: T) => string | undefined) =>
  (evidence: Evidence) =>
    eachOf(of(evidence), (item) => {
      const wrong = judge(item);
      return wrong && `${item.name}: ${wrong}`;
    });

const flows = ({ stream }: Evidence): readonly PlacedFlow[] => stream.flows;

export const packet: readonly Check[] = [
  check("C-15", "M", "no header is longer than configured, and none is cut before that", (evidence) =>
    judged(packets, ({ header: { header, frame_length, stripped } }) => {
      const most = evidence.expect.headerBytes;
      if (header.length > most) return `${header.length} header bytes`;
      return header.length < Math.min(most, frame_length - stripped) ? `only ${header.length} header bytes` : undefined;
    })(evidence),
  ),
  check(
    "C-16",
    "M",
    "the header lies within the packet",
    judged(packets, ({ header: { header, frame_length, stripped } }) =>
      header.length > frame_length - stripped ? `${header.length} of ${frame_length - stripped} octets` : undefined,
    ),
  ),
  check("C-17", "M", "frame_length is the frame with its FCS, stripped the FCS", judged(packets, judgeFrame)),
  check("C-19", "M", "header_protocol names what the header begins with", judged(packets, judgeProtocol)),
  check("C-22", "M", "the data source is an interface that exists", ({ stream, truth }) => {
    if (truth === undefined) return undefined;
    const known = new Set(truth.interfaces().map(({ ifIndex }) => ifIndex));
    return eachOf(
      stream.flows.filter(({ sample }) => sample.source.class === 0),
      ({ name, sample: { source } }) => !known.has(source.index) && `${name}: ifIndex ${source.index}`,
    );
  }),
  check("C-23", "M", "one port is the source's, the other the host itself", judged(flows, judgePorts)),
  check("C-24", "M", "the host itself is one value throughout", ({ stream }) => {
    const values = new Set(
      stream.flows.flatMap(({ sample }) => [sample.input, sample.output].filter(isInternal).map(({ value }) => value)),
    );
    return values.size > 1 ? [`internal is both ${[...values].join(" and ")}`] : [];
  }),
  check(
    "C-25",
    "M",
    "the source is the input or the output",
    judged(flows, ({ sample: { source, input, output } }) =>
      source.class !== 0 || [input.value, output.value].includes(source.index) ? undefined : "is neither",
    ),
  ),
  check("C-26", "M", "VLAN and priority are in range or unknown", judged(flows, judgeSwitch)),
  check("C-27", "M", "routes have the family of the packet", judged(packets, judgeRouter)),
  check("C-28", "M", "the socket is that of the packet", judged(packets, judgeSocket)),
  check("C-29", "M", "TCP state goes in the direction of the packet", judged(packets, judgeTcpInfo)),
  check("C-32", "M", "the time stamp is of the second before arrival", judged(flows, judgeTimestamp)),
  check(
    "C-33",
    "M",
    "a queue's depth comes with its queue",
    judged(flows, ({ sample: { records } }) =>
      recordOf(records, extendedQueue) && !records.some(({ format }) => format === 1036) ? "no queue" : undefined,
    ),
  ),
  check("C-34", "M", "entities are data sources with counters", (evidence) => {
    const known = polled(evidence);
    return judged(flows, (flow) => judgeEntities(flow, known))(evidence);
  }),
];
