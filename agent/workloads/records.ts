// The records in a sample of a workload. See sFlow Host Structures, "virt_*". States are as in hsflowd.

import type { ControlGroup, TextFiles } from "../counters/control-group.ts";
import type { StackedDevices } from "../counters/stacked-devices.ts";
import { readCpuTime } from "../counters/virt-cpu.ts";
import { readBlockIo } from "../counters/virt-disk-io.ts";
import { readMemory } from "../counters/virt-memory.ts";
import type { BlockIo } from "../proc/cgroup.ts";
import { HOST } from "../sflow/data-source.ts";
import type { CounterRecord } from "../sflow/record.ts";
import { counterRecord } from "../sflow/record.ts";
import { hostAdapters } from "../sflow/records/counter/host-adapters.ts";
import { hostDescr } from "../sflow/records/counter/host-descr.ts";
import { hostParent } from "../sflow/records/counter/host-parent.ts";
import { virtCpu } from "../sflow/records/counter/virt-cpu.ts";
import { virtDiskIo } from "../sflow/records/counter/virt-disk-io.ts";
import { virtMemory } from "../sflow/records/counter/virt-memory.ts";
import { virtNetIo } from "../sflow/records/counter/virt-net-io.ts";
import type { NetworkReading } from "./network.ts";

/** States of a workload, as values of virDomainState. hsflowd maps container states to the same values. */
export const VirState = { none: 0, running: 1, paused: 3, shutdown: 4, shutoff: 5 } as const;

/** Counters and limits of a workload at one time. A value that cannot be read is undefined. */
export interface Readings {
  /** Processor time in milliseconds. */
  readonly cpuTime: number | undefined;
  /** Number of processors that the workload may use. Undefined means all processors of the host. */
  readonly processors: number | undefined;
  /** Memory in use, in bytes. */
  readonly memory: number | undefined;
  /** Memory limit in bytes. Undefined means all memory of the host. */
  readonly memoryLimit: number | undefined;
  readonly blockIo: BlockIo | undefined;
  readonly network: NetworkReading | undefined;
}

export const NO_READINGS: Readings = {
  cpuTime: undefined,
  processors: undefined,
  memory: undefined,
  memoryLimit: undefined,
  blockIo: undefined,
  network: undefined,
};

/** Facts about the host that are part of every sample of a workload. */
export interface HostFacts {
  readonly machineType: number;
  readonly osName: number;
  readonly osRelease: string;
  readonly processors: number;
  /** Total memory in bytes. */
  readonly memory: number;
}

/** Values that change only at events of the workload, such as a rename. */
export interface Description {
  readonly uuid: Uint8Array;
  /** Name in the sample: at most 64 bytes and unique. */
  readonly hostname: string;
  readonly state: number;
}

export type GroupReadings = Pick<Readings, "cpuTime" | "memory" | "blockIo">;

export const readGroup = (
  files: TextFiles,
  group: ControlGroup,
  devices: Pick<StackedDevices, "sum">,
): GroupReadings => ({
  cpuTime: readCpuTime(files, group),
  memory: readMemory(files, group),
  blockIo: readBlockIo(files, group, devices),
});

/** The kernel counts the I/O of a cgroup but no disk sizes. In a gauge, 0 means "unknown" by the specification. */
const NO_DISK = { capacity: 0, allocation: 0, physical: 0, errs: undefined };

/**
 * Adds the records of a sample. Leaves out host_adapters and virt_net_io for a workload in the host's network
 * namespace, because such a workload has no interfaces of its own. A workload whose own namespace has no interfaces
 * gets an empty list and zeros.
 */
export function addRecords(
  into: CounterRecord[],
  { uuid, hostname, state }: Description,
  host: HostFacts,
  now: Readings,
) {
  const { machineType: machine_type, osName: os_name, osRelease: os_release } = host;
  const { cpuTime, memory, blockIo, network } = now;
  const nrVirtCpu = now.processors ?? host.processors;
  const maxMemory = Math.min(now.memoryLimit ?? host.memory, host.memory);
  into.push(counterRecord(hostDescr, { hostname, uuid, machine_type, os_name, os_release }));
  if (network !== undefined) into.push(counterRecord(hostAdapters, { adapters: network.adapters() }));
  into.push(counterRecord(hostParent, { container_type: HOST.class, container_index: HOST.index }));
  into.push(counterRecord(virtCpu, { state, cpuTime, nrVirtCpu }));
  if (memory !== undefined) into.push(counterRecord(virtMemory, { memory, maxMemory }));
  if (blockIo !== undefined) into.push(counterRecord(virtDiskIo, { ...NO_DISK, ...blockIo }));
  if (network !== undefined) into.push(counterRecord(virtNetIo, network.total));
}
