// The records of a workload's sample. sFlow Host Structures, "virt_*"; hsflowd's map of states.

import type { ControlGroup, TextFiles } from "../counters/control-group.ts";
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

/** virDomainState, as hsflowd maps the states of containers to it. */
export const VirState = { none: 0, running: 1, paused: 3, shutdown: 4, shutoff: 5 } as const;

/** One reading of a workload. A part that cannot be read is undefined. */
export interface Readings {
  /** Milliseconds. */
  readonly cpuTime: number | undefined;
  /** Undefined: all processors of the host. */
  readonly processors: number | undefined;
  /** Bytes. */
  readonly memory: number | undefined;
  /** Bytes. Undefined: all memory of the host. */
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

/** What every sample of a workload says of the host it runs on. */
export interface HostFacts {
  readonly machineType: number;
  readonly osName: number;
  readonly osRelease: string;
  readonly processors: number;
  /** Bytes. */
  readonly memory: number;
}

/** What changes by events, not between two samples. */
export interface Description {
  readonly uuid: Uint8Array;
  /** As it goes on the wire. */
  readonly hostname: string;
  readonly state: number;
}

export type GroupReadings = Pick<Readings, "cpuTime" | "memory" | "blockIo">;

export const readGroup = (files: TextFiles, group: ControlGroup): GroupReadings => ({
  cpuTime: readCpuTime(files, group),
  memory: readMemory(files, group),
  blockIo: readBlockIo(files, group),
});

/** The kernel counts I/O of a group, not its disks. 0 is the specification's "unknown" of a gauge. */
const NO_DISK = { capacity: 0, allocation: 0, physical: 0, errs: undefined };

/**
 * Adds no host_adapters and no virt_net_io for a workload in the host's network, whose traffic is the host's. A network
 * of its own without interfaces has an empty list and zeros.
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
