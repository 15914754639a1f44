// Makes records of a sample's facts besides its packet: queue, delay, tunnel. See sFlow Discarded Packet Notification,
// Transit Delay and Tunnel Structures.

import type { PsampleReader, TunnelKey } from "../../netlink/psample.ts";
import { type FlowRecord, flowRecord } from "../../sflow/record.ts";
import { extendedEgressQueue } from "../../sflow/records/flow/extended-egress-queue.ts";
import { extendedQueue } from "../../sflow/records/flow/extended-queue.ts";
import { extendedTransit } from "../../sflow/records/flow/extended-transit.ts";
import { extendedVniEgress, extendedVniIngress } from "../../sflow/records/flow/extended-vni.ts";
import { extendedIpv4TunnelEgress, extendedIpv4TunnelIngress } from "../../sflow/records/flow/sampled-ipv4.ts";
import { extendedIpv6TunnelEgress, extendedIpv6TunnelIngress } from "../../sflow/records/flow/sampled-ipv6.ts";

const UDP = 17;

/** Returns undefined if there are no records, as for most samples. */
export function recordsOf(sample: PsampleReader, received: boolean): FlowRecord[] | undefined {
  const { queue, queueDepth, latency, tunnel } = sample;
  if (queue < 0 && latency < 0 && tunnel === undefined) return undefined;
  const records: FlowRecord[] = [];
  if (queue >= 0) records.push(flowRecord(extendedEgressQueue, { queue }));
  // Leaves out a depth without its queue, because it has no meaning.
  if (queue >= 0 && queueDepth >= 0) records.push(flowRecord(extendedQueue, { depth: queueDepth }));
  if (latency >= 0) records.push(flowRecord(extendedTransit, { delay: latency }));
  if (tunnel !== undefined) addTunnelRecords(records, tunnel, received);
  return records;
}

/**
 * Adds the outer header and the network identifier of a tunnel. The packet itself has no outer header: the kernel has
 * removed it from a received packet, and adds it to a sent packet later. The kernel does not report the length of the
 * outer packet, so the length is 0.
 */
function addTunnelRecords(records: FlowRecord[], key: TunnelKey, received: boolean): void {
  const header = {
    length: 0,
    protocol: key.destinationPort === 0 && key.sourcePort === 0 ? 0 : UDP,
    src_port: key.sourcePort,
    dst_port: key.destinationPort,
    tcp_flags: 0,
  };
  const { typeOfService } = key;
  if (key.destination.length === 16 || key.source.length === 16) {
    const addresses = { src_ip: sized(key.source, 16), dst_ip: sized(key.destination, 16) };
    const type = received ? extendedIpv6TunnelIngress : extendedIpv6TunnelEgress;
    records.push(flowRecord(type, { ...header, ...addresses, priority: typeOfService }));
  } else {
    const addresses = { src_ip: sized(key.source, 4), dst_ip: sized(key.destination, 4) };
    const type = received ? extendedIpv4TunnelIngress : extendedIpv4TunnelEgress;
    records.push(flowRecord(type, { ...header, ...addresses, tos: typeOfService }));
  }
  const { identifier } = key;
  if (identifier === undefined) return;
  records.push(flowRecord(received ? extendedVniIngress : extendedVniEgress, { vni: identifier }));
}

/** Returns an address; all zeros if the kernel left it out. */
const sized = (address: Uint8Array, length: number): Uint8Array =>
  address.length === length ? address : new Uint8Array(length);
