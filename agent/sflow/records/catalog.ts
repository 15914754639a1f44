// All flow and counter records that this project knows, by kind and data format. See the sFlow.org structure number
// registry.

import type { RecordKind, RecordType } from "../record.ts";
import { appOperations } from "./counter/app-operations.ts";
import { appResources } from "./counter/app-resources.ts";
import { appWorkers } from "./counter/app-workers.ts";
import { bstDeviceBuffers, bstPortBuffers } from "./counter/bst-buffers.ts";
import { energy, fans, humidity, temperature } from "./counter/environment.ts";
import { ethernetCounters } from "./counter/ethernet-counters.ts";
import { hostAdapters } from "./counter/host-adapters.ts";
import { hostCpu } from "./counter/host-cpu.ts";
import { hostDescr } from "./counter/host-descr.ts";
import { hostDiskIo } from "./counter/host-disk-io.ts";
import { hostMemory } from "./counter/host-memory.ts";
import { hostNetIo } from "./counter/host-net-io.ts";
import { hostParent } from "./counter/host-parent.ts";
import { httpCounters } from "./counter/http-counters.ts";
import { hwTables } from "./counter/hw-tables.ts";
import { ibCounters } from "./counter/ib-counters.ts";
import { ieee80211Counters } from "./counter/ieee80211-counters.ts";
import { ifCounters } from "./counter/if-counters.ts";
import { jvmRuntime } from "./counter/jvm-runtime.ts";
import { jvmStatistics } from "./counter/jvm-statistics.ts";
import { lagPortStats } from "./counter/lag-port-stats.ts";
import { memcacheCounters } from "./counter/memcache-counters.ts";
import { memcachedCounters } from "./counter/memcached-counters.ts";
import { mib2IcmpGroup } from "./counter/mib2-icmp-group.ts";
import { mib2IpGroup } from "./counter/mib2-ip-group.ts";
import { mib2TcpGroup } from "./counter/mib2-tcp-group.ts";
import { mib2UdpGroup } from "./counter/mib2-udp-group.ts";
import { nvidiaGpu } from "./counter/nvidia-gpu.ts";
import { ofPort } from "./counter/of-port.ts";
import { ovsDpStats } from "./counter/ovs-dp-stats.ts";
import { pfcCounters } from "./counter/pfc-counters.ts";
import { portName } from "./counter/port-name.ts";
import { processor } from "./counter/processor.ts";
import { queueLength } from "./counter/queue-length.ts";
import { radioUtilization } from "./counter/radio-utilization.ts";
import { sfp } from "./counter/sfp.ts";
import { slowPathCounts } from "./counter/slow-path-counts.ts";
import { tokenringCounters } from "./counter/tokenring-counters.ts";
import { vdiCounters } from "./counter/vdi-counters.ts";
import { vgCounters } from "./counter/vg-counters.ts";
import { virtCpu } from "./counter/virt-cpu.ts";
import { virtDiskIo } from "./counter/virt-disk-io.ts";
import { virtMemory } from "./counter/virt-memory.ts";
import { virtNetIo } from "./counter/virt-net-io.ts";
import { virtNode } from "./counter/virt-node.ts";
import { vlanCounters } from "./counter/vlan-counters.ts";
import { appInitiator, appTarget } from "./flow/app-actor.ts";
import { appOperation, appParentContext } from "./flow/app-operation.ts";
import { bstEgressQueue } from "./flow/bst-egress-queue.ts";
import { extended80211Payload } from "./flow/extended-80211-payload.ts";
import { extended80211Rx } from "./flow/extended-80211-rx.ts";
import { extended80211Tx } from "./flow/extended-80211-tx.ts";
import { extendedAcl } from "./flow/extended-acl.ts";
import { extendedDecapsulateEgress, extendedDecapsulateIngress } from "./flow/extended-decapsulate.ts";
import { extendedEgressQueue } from "./flow/extended-egress-queue.ts";
import { extendedEntities } from "./flow/extended-entities.ts";
import { extendedFc } from "./flow/extended-fc.ts";
import { extendedFunction } from "./flow/extended-function.ts";
import { extendedGateway } from "./flow/extended-gateway.ts";
import { extendedHwTrap } from "./flow/extended-hw-trap.ts";
import { extendedIbBth, extendedIbGrh, extendedIbLrh } from "./flow/extended-ib.ts";
import { extendedLinuxDropReason } from "./flow/extended-linux-drop-reason.ts";
import { extendedMpls } from "./flow/extended-mpls.ts";
import { extendedMplsFtn } from "./flow/extended-mpls-ftn.ts";
import { extendedMplsLdpFec } from "./flow/extended-mpls-ldp-fec.ts";
import { extendedMplsTunnel } from "./flow/extended-mpls-tunnel.ts";
import { extendedMplsVc } from "./flow/extended-mpls-vc.ts";
import { extendedNat, extendedNatPort } from "./flow/extended-nat.ts";
import { extendedNavTiming } from "./flow/extended-nav-timing.ts";
import { extendedOpenflowV1 } from "./flow/extended-openflow-v1.ts";
import { extendedProxyRequest } from "./flow/extended-proxy-request.ts";
import { extendedQueue } from "./flow/extended-queue.ts";
import { extendedQueueLength } from "./flow/extended-queue-length.ts";
import { extendedRouter } from "./flow/extended-router.ts";
import {
  extendedProxySocketIpv4,
  extendedProxySocketIpv6,
  extendedSocketIpv4,
  extendedSocketIpv6,
} from "./flow/extended-socket.ts";
import { extendedSwitch } from "./flow/extended-switch.ts";
import { extendedTcpInfo } from "./flow/extended-tcp-info.ts";
import { extendedTimestamp } from "./flow/extended-timestamp.ts";
import { extendedTransit } from "./flow/extended-transit.ts";
import { extendedUrl } from "./flow/extended-url.ts";
import { extendedUser } from "./flow/extended-user.ts";
import { extendedVlanin, extendedVlanout, extendedVlantunnel } from "./flow/extended-vlantunnel.ts";
import { extendedVniEgress, extendedVniIngress } from "./flow/extended-vni.ts";
import { httpRequest } from "./flow/http-request.ts";
import { httpRequest2011 } from "./flow/http-request-2011.ts";
import { memcacheOperation } from "./flow/memcache-operation.ts";
import { extendedL2TunnelEgress, extendedL2TunnelIngress, sampledEthernet } from "./flow/sampled-ethernet.ts";
import { sampledHeader } from "./flow/sampled-header.ts";
import { extendedIpv4TunnelEgress, extendedIpv4TunnelIngress, sampledIpv4 } from "./flow/sampled-ipv4.ts";
import { extendedIpv6TunnelEgress, extendedIpv6TunnelIngress, sampledIpv6 } from "./flow/sampled-ipv6.ts";
import { httpTransaction, nfsTransaction, scsiTransaction, transaction } from "./flow/transaction.ts";

export const flowTypes: readonly RecordType<"flow_data", unknown>[] = [
  sampledHeader,
  sampledEthernet,
  sampledIpv4,
  sampledIpv6,
  extendedSwitch,
  extendedRouter,
  extendedGateway,
  extendedUser,
  extendedUrl,
  extendedMpls,
  extendedNat,
  extendedMplsTunnel,
  extendedMplsVc,
  extendedMplsFtn,
  extendedMplsLdpFec,
  extendedVlantunnel,
  extended80211Payload,
  extended80211Rx,
  extended80211Tx,
  extendedOpenflowV1,
  extendedFc,
  extendedQueueLength,
  extendedNatPort,
  extendedL2TunnelEgress,
  extendedL2TunnelIngress,
  extendedIpv4TunnelEgress,
  extendedIpv4TunnelIngress,
  extendedIpv6TunnelEgress,
  extendedIpv6TunnelIngress,
  extendedDecapsulateEgress,
  extendedDecapsulateIngress,
  extendedVniEgress,
  extendedVniIngress,
  extendedIbLrh,
  extendedIbGrh,
  extendedIbBth,
  extendedVlanin,
  extendedVlanout,
  extendedEgressQueue,
  extendedAcl,
  extendedFunction,
  extendedTransit,
  extendedQueue,
  extendedHwTrap,
  extendedLinuxDropReason,
  extendedTimestamp,
  transaction,
  nfsTransaction,
  scsiTransaction,
  httpTransaction,
  extendedSocketIpv4,
  extendedSocketIpv6,
  extendedProxySocketIpv4,
  extendedProxySocketIpv6,
  memcacheOperation,
  httpRequest2011,
  appOperation,
  appParentContext,
  appInitiator,
  appTarget,
  httpRequest,
  extendedProxyRequest,
  extendedNavTiming,
  extendedTcpInfo,
  extendedEntities,
  bstEgressQueue,
];

export const counterTypes: readonly RecordType<"counter_data", unknown>[] = [
  ifCounters,
  ethernetCounters,
  tokenringCounters,
  vgCounters,
  vlanCounters,
  ieee80211Counters,
  lagPortStats,
  slowPathCounts,
  ibCounters,
  sfp,
  pfcCounters,
  processor,
  radioUtilization,
  queueLength,
  ofPort,
  portName,
  hostDescr,
  hostAdapters,
  hostParent,
  hostCpu,
  hostMemory,
  hostDiskIo,
  hostNetIo,
  mib2IpGroup,
  mib2IcmpGroup,
  mib2TcpGroup,
  mib2UdpGroup,
  virtNode,
  virtCpu,
  virtMemory,
  virtDiskIo,
  virtNetIo,
  jvmRuntime,
  jvmStatistics,
  memcachedCounters,
  httpCounters,
  appOperations,
  appResources,
  memcacheCounters,
  vdiCounters,
  appWorkers,
  ovsDpStats,
  energy,
  temperature,
  humidity,
  fans,
  bstDeviceBuffers,
  bstPortBuffers,
  hwTables,
  nvidiaGpu,
];

const byFormat = <K extends RecordKind>(types: readonly RecordType<K, unknown>[]) =>
  new Map(types.map((type) => [type.format, type]));

const flow = byFormat(flowTypes);
const counter = byFormat(counterTypes);

/** Returns the type with this data_format, or undefined for an unknown record. */
export const flowTypeOf = (format: number): RecordType<"flow_data", unknown> | undefined => flow.get(format);
export const counterTypeOf = (format: number): RecordType<"counter_data", unknown> | undefined => counter.get(format);
