// What the host gives to its containers. sFlow Host Structures, "virt_node", "host_descr".

import type { Host } from "../host/host.ts";
import { parseCpuMhz } from "../proc/cpuinfo.ts";
import { parseMeminfo } from "../proc/meminfo.ts";
import { parseStat } from "../proc/stat.ts";
import { machineTypeOf, osNameOf } from "../sflow/enums/uname.ts";
import { type CounterRecord, counterRecord } from "../sflow/record.ts";
import { virtNode } from "../sflow/records/counter/virt-node.ts";
import type { HostFacts } from "./records.ts";

const readCpus = ({ files }: Host): number => parseStat(files.read("/proc/stat") ?? "").cpus;

export function readHostFacts(host: Host): HostFacts {
  const uname = host.uname();
  return {
    machineType: machineTypeOf(uname.machine),
    osName: osNameOf(uname.system),
    osRelease: uname.release,
    processors: readCpus(host),
    memory: parseMeminfo(host.files.read("/proc/meminfo") ?? "").get("MemTotal") ?? 0,
  };
}

export function addVirtNode(into: CounterRecord[], host: Host, containers: number): void {
  const memory = parseMeminfo(host.files.read("/proc/meminfo") ?? "");
  into.push(
    counterRecord(virtNode, {
      mhz: Math.round(parseCpuMhz(host.files.read("/proc/cpuinfo") ?? "") ?? 0),
      cpus: readCpus(host),
      memory: memory.get("MemTotal") ?? 0,
      memory_free: memory.get("MemFree") ?? 0,
      num_domains: containers,
    }),
  );
}
