// The line about a sampled packet: protocol, addresses, ports, size, and the number of packets it represents.

import type { Layers } from "../../packet/layers.ts";
import { decodePacket, type Packet } from "../../packet/packet.ts";
import { showAddress } from "../../sflow/address.ts";
import type { DecodedFlowSample } from "../../sflow/decode/values.ts";
import { recordOf } from "../../sflow/decode.ts";
import { INTERNAL } from "../../sflow/port.ts";
import { extendedTcpInfo } from "../../sflow/records/flow/extended-tcp-info.ts";
import { sampledHeader } from "../../sflow/records/flow/sampled-header.ts";
import { scaled } from "./units.ts";

export type Direction = "in" | "out" | "";

/** Returns the direction as seen from the host. "in": the output of the sample is the host itself. */
export function directionOf({ input, output }: DecodedFlowSample): Direction {
  if (output.value === INTERNAL && input.value !== INTERNAL) return "in";
  return input.value === INTERNAL && output.value !== INTERNAL ? "out" : "";
}

export interface PacketText {
  readonly text: string;
  /** The protocol and the addresses, without ports. */
  readonly conversation: string;
  /** Octets of the frame without the frame check sequence, as tcpdump and the counters of Linux have them. */
  readonly octets: number;
  /** UDP or TCP port; -1 if the packet has none. */
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** Describes a sample; undefined if it has no sampled_header. `packet` is memory to decode into, to be reused. */
export function packetText(sample: DecodedFlowSample, packet: Packet): PacketText | undefined {
  const sampled = recordOf(sample.records, sampledHeader);
  if (sampled === undefined) return undefined;
  const { protocol, header } = sampled;
  const octets = sampled.frame_length - sampled.stripped;
  decodePacket(packet, protocol, header, 0, header.length);
  const { outer } = packet;
  const isIp = outer.ipVersion !== 0;
  const layers = isIp ? ipText(outer, header) : linkText(outer, header);
  const conversation = isIp ? addressText(outer, header) : layers;
  const share = sample.samplingRate > 1 ? `  1 of ${scaled(sample.samplingRate).trim()}` : "";
  const { sourcePort, destinationPort } = outer;
  const text = `${layers}  ${octets} B${tcpText(sample)}${share}`;
  return { text, conversation, octets, sourcePort, destinationPort };
}

/** Describes the TCP connection, if tcp { } has added its record to the sample. */
function tcpText({ records }: DecodedFlowSample): string {
  const info = recordOf(records, extendedTcpInfo);
  if (info === undefined || info.rtt === 0) return "";
  const resent = info.retrans > 0 ? `, ${info.retrans} retransmitted` : "";
  return `  rtt ${(info.rtt / 1000).toFixed(2)} ms${resent}`;
}

const PROTOCOLS: Readonly<Record<number, string>> = {
  1: "icmp",
  2: "igmp",
  4: "ipip",
  6: "tcp",
  17: "udp",
  33: "dccp",
  41: "6in4",
  47: "gre",
  50: "esp",
  51: "ah",
  58: "icmp6",
  89: "ospf",
  103: "pim",
  112: "vrrp",
  132: "sctp",
  136: "udplite",
};

const protocolName = ({ protocol }: Layers): string => PROTOCOLS[protocol] ?? `ip ${protocol}`;
const addressSize = ({ ipVersion }: Layers): number => (ipVersion === 6 ? 16 : 4);

function addressText(layers: Layers, header: Uint8Array): string {
  const size = addressSize(layers);
  const [from, to] = [layers.source, layers.destination].map((at) => showAddress(header.subarray(at, at + size)));
  return `${protocolName(layers)} ${from} > ${to}`;
}

function ipText(layers: Layers, header: Uint8Array): string {
  const size = addressSize(layers);
  const end = (at: number, port: number) => {
    const address = showAddress(header.subarray(at, at + size));
    if (port < 0) return address;
    return size === 16 ? `[${address}]:${port}` : `${address}:${port}`;
  };
  const source = end(layers.source, layers.sourcePort);
  const flags = layers.tcpFlags < 0 ? "" : ` ${flagText(layers.tcpFlags)}`;
  const fragment = layers.laterFragment ? " fragment" : "";
  return `${protocolName(layers)} ${source} > ${end(layers.destination, layers.destinationPort)}${flags}${fragment}`;
}

/** Formats TCP flags as tcpdump does, with a dot for ACK. */
function flagText(flags: number): string {
  const letters = [..."FSRP.UEW"].filter((_, bit) => (flags & (1 << bit)) !== 0).join("");
  return `[${letters || "none"}]`;
}

const ETHER_TYPES: Readonly<Record<number, string>> = {
  2054: "arp",
  32821: "rarp",
  34825: "lacp",
  34887: "mpls",
  34915: "pppoe",
  34916: "pppoe",
  34958: "eapol",
  35020: "lldp",
  35063: "ptp",
};

function linkText(layers: Layers, header: Uint8Array): string {
  const type = layers.etherType < 0 ? "frame" : (ETHER_TYPES[layers.etherType] ?? hex(layers.etherType, 4));
  if (layers.ethernet < 0) return type;
  const mac = (at: number) => [...header.subarray(at, at + 6)].map((byte) => hex(byte, 2)).join(":");
  return `${type} ${mac(layers.ethernet + 6)} > ${mac(layers.ethernet)}`;
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
