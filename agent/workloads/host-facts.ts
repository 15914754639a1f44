// Facts about the host in samples of its workloads, and the host's own virt_node record. See sFlow Host Structures,
// "virt_node", "host_descr".

import type { Host } from "../host/host.ts";
import { parseCpuMhz } from "../proc/cpuinfo.ts";
import { parseMeminfo } from "../proc/meminfo.ts";
import { parseStat } from "../proc/stat.ts";
import { machineTypeOf, osNameOf } from "../sflow/enums/uname.ts";
import { type CounterRecord, counterRecord } from "../sflow/record.ts";
import { virtNode } from "../sflow/records/counter/virt-node.ts";
import type { HostFacts } from "./records.ts";

const readCpus = ({ files }: Pick<Host, "files">): number => parseStat(files.read("/proc/stat") ?? "").cpus;

export function readHostFacts(host: Pick<Host, "files" | "uname">): HostFacts {
  const uname = host.uname();
  return {
    machineType: machineTypeOf(uname.machine),
    osName: osNameOf(uname.system),
    osRelease: uname.release,
    processors: readCpus(host),
    memory: parseMeminfo(host.files.read("/proc/meminfo") ?? "").get("MemTotal") ?? 0,
  };
}

/** `running` is the number of running workloads: data sources whose host_parent is this host. */
export function addVirtNode(into: CounterRecord[], host: Pick<Host, "files">, running: number): void {
  const memory = parseMeminfo(host.files.read("/proc/meminfo") ?? "");
  into.push(
    counterRecord(virtNode, {
      mhz: Math.round(parseCpuMhz(host.files.read("/proc/cpuinfo") ?? "") ?? 0),
      cpus: readCpus(host),
      memory: memory.get("MemTotal") ?? 0,
      memory_free: memory.get("MemFree") ?? 0,
      num_domains: running,
    }),
  );
}
