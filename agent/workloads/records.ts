// One running of a container, and the records of its samples. sFlow Host Structures, "virt_*"; hsflowd's map of
// container states.

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
import type { ContainerNetwork, NetworkReading } from "./network.ts";

/** virDomainState as hsflowd maps the states of containers. */
export const VirState = { none: 0, running: 1, paused: 3, shutdown: 4, shutoff: 5 } as const;

/** What a sample of a container is made of; every part is absent where it cannot be read. */
export interface Readings {
  /** Milliseconds. */
  readonly cpuTime: number | undefined;
  readonly memory: number | undefined;
  readonly blockIo: BlockIo | undefined;
  readonly network: NetworkReading | undefined;
}

/** What the host lends to the samples of its containers. */
export interface HostFacts {
  readonly machineType: number;
  readonly osName: number;
  readonly osRelease: string;
  readonly processors: number;
  /** Bytes. */
  readonly memory: number;
}

/** What stays the same between samples, or changes by an event. */
export interface Facts {
  readonly uuid: Uint8Array;
  /** As it goes on the wire. */
  readonly hostname: string;
  readonly state: number;
  readonly processors: number;
  /** Bytes; the host's memory where the container has no limit. */
  readonly memoryLimit: number;
  readonly host: HostFacts;
}

export function readAll(
  files: TextFiles,
  group: ControlGroup | undefined,
  network: ContainerNetwork | undefined,
): Readings {
  return {
    cpuTime: group === undefined ? undefined : readCpuTime(files, group),
    memory: group === undefined ? undefined : readMemory(files, group),
    blockIo: group === undefined ? undefined : readBlockIo(files, group),
    network: network?.read(),
  };
}

/** What a source that has gone no longer tells is taken from what it told before. */
export const orElse = (now: Readings, before: Readings): Readings => ({
  cpuTime: now.cpuTime ?? before.cpuTime,
  memory: now.memory ?? before.memory,
  blockIo: now.blockIo ?? before.blockIo,
  network: now.network ?? before.network,
});

export const NO_READINGS: Readings = { cpuTime: undefined, memory: undefined, blockIo: undefined, network: undefined };

/** Block devices say nothing of capacity to a group: 0 is the specification's unknown for a gauge. */
const NO_DISK = { capacity: 0, allocation: 0, physical: 0, errs: undefined };

/**
 * A container without a network of its own has no adapters and no traffic to speak of; one with an empty network has
 * none.
 */
export function addRecords(into: CounterRecord[], facts: Facts, readings: Readings): void {
  const { cpuTime, memory, blockIo, network } = readings;
  const { hostname, uuid, state, host } = facts;
  const { machineType: machine_type, osName: os_name, osRelease: os_release } = host;
  into.push(counterRecord(hostDescr, { hostname, uuid, machine_type, os_name, os_release }));
  if (network !== undefined) into.push(counterRecord(hostAdapters, { adapters: network.adapters }));
  into.push(counterRecord(hostParent, { container_type: HOST.class, container_index: HOST.index }));
  into.push(counterRecord(virtCpu, { state, cpuTime, nrVirtCpu: facts.processors }));
  if (memory !== undefined) into.push(counterRecord(virtMemory, { memory, maxMemory: facts.memoryLimit }));
  if (blockIo !== undefined) into.push(counterRecord(virtDiskIo, { ...NO_DISK, ...blockIo }));
  if (network !== undefined) into.push(counterRecord(virtNetIo, network.total));
}
