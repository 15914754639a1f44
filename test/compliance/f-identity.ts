// F, the identity of a host: the records of its sample, its name and adapters, its disks and network as sums.

import type { DecodedCounter } from "../../agent/sflow/decode/values.ts";
import { recordOf } from "../../agent/sflow/decode.ts";
import type { RecordType } from "../../agent/sflow/record.ts";
import { hostAdapters } from "../../agent/sflow/records/counter/host-adapters.ts";
import { hostCpu } from "../../agent/sflow/records/counter/host-cpu.ts";
import { hostDescr } from "../../agent/sflow/records/counter/host-descr.ts";
import { hostMemory } from "../../agent/sflow/records/counter/host-memory.ts";
import { hostParent } from "../../agent/sflow/records/counter/host-parent.ts";
import { nvidiaGpu } from "../../agent/sflow/records/counter/nvidia-gpu.ts";
import { virtCpu } from "../../agent/sflow/records/counter/virt-cpu.ts";
import { virtMemory } from "../../agent/sflow/records/counter/virt-memory.ts";
import { virtNode } from "../../agent/sflow/records/counter/virt-node.ts";
import { type Check, check, type Evidence, eachOf } from "./check.ts";
import { hostSamples } from "./f-host.ts";
import type { PlacedCounters } from "./stream.ts";

const OBLIGATORY = [2000, 2001, 2003, 2004, 2005, 2006];
const CONTAINER = 3;
const LINUX = 2;

const children = ({ stream }: Evidence): PlacedCounters[] =>
  stream.counters.filter(({ sample }) => sample.source.class === CONTAINER);

/** Judges the record in each sample that has it; undecided where none has. */
function eachValue<T>(
  samples: readonly PlacedCounters[],
  type: RecordType<"counter_data", T>,
  judge: (value: T, placed: PlacedCounters) => string | undefined | false,
): string[] | undefined {
  const found = samples.flatMap((placed) => {
    const value = recordOf<T>(placed.sample.records as readonly DecodedCounter[], type);
    return value === undefined ? [] : [{ placed, value }];
  });
  return eachOf(found, ({ placed, value }) => {
    const wrong = judge(value, placed);
    return wrong && `${placed.name} ${placed.source}: ${wrong}`;
  });
}

/** The text of a file that does not change, from the first snapshot. */
const once = ({ truth }: Evidence, path: string): string | undefined => truth?.snapshots[0]?.files[path]?.trim();

/** The architecture that Node was built for: uname -m of the same machine. */
const MACHINE_TYPE: Readonly<Record<string, number>> = { x64: 3, arm64: 10, arm: 10, s390x: 12, ppc64: 7 };

function judgeParents(evidence: Evidence): string[] | undefined {
  const onHost = hostSamples(evidence).filter(({ sample }) => recordOf(sample.records, hostParent));
  const orphans = children(evidence).filter(({ sample }) => !recordOf(sample.records, hostParent));
  const wrong = [
    ...onHost.map(({ name }) => `${name}: the host has a parent`),
    ...orphans.map(({ name, source }) => `${name} ${source}: no parent`),
  ];
  return hostSamples(evidence).length + children(evidence).length === 0 ? undefined : wrong;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

function judgeAdapters(evidence: Evidence): string[] | undefined {
  const { truth } = evidence;
  if (truth === undefined) return undefined;
  const macs = new Map(truth.interfaces().map(({ ifIndex, mac }) => [ifIndex, mac]));
  return eachValue(hostSamples(evidence), hostAdapters, ({ adapters }) => {
    const wrong = adapters.flatMap(({ ifIndex, mac_address }) =>
      mac_address.flatMap((mac) => {
        if (mac.every((byte) => byte === 0)) return [`${ifIndex} has no address`];
        return macs.get(ifIndex) === hex(mac)
          ? []
          : [`${ifIndex} is ${hex(mac)}, the kernel says ${macs.get(ifIndex)}`];
      }),
    );
    return wrong[0];
  });
}

function judgeSpeed(evidence: Evidence): string[] | undefined {
  const speeds = [...(once(evidence, "/proc/cpuinfo") ?? "").matchAll(/^cpu MHz\s*: (.*)$/gm)].map(([, mhz]) =>
    Number(mhz),
  );
  if (speeds.length === 0) return undefined;
  const [low, high] = [Math.min(...speeds) * 0.7, Math.max(...speeds) * 1.3];
  return eachValue(
    hostSamples(evidence),
    hostCpu,
    ({ cpu_speed }) => (cpu_speed < low || cpu_speed > high) && `${cpu_speed} MHz, the kernel says ${speeds[0]}`,
  );
}

export const identity: readonly Check[] = [
  check("F-01", "M", "each sample of the host has the records that it must have", (evidence) =>
    eachOf(hostSamples(evidence), ({ name, sample: { records } }) => {
      const missing = OBLIGATORY.filter((format) => !records.some((record) => record.format === format));
      return missing.length > 0 && `${name}: without ${missing.join(", ")}`;
    }),
  ),
  check("F-02", "M", "children have a parent, the host has none", judgeParents),
  check("F-03", "M", "hostname is the host's", (evidence) => {
    const name = once(evidence, "/proc/sys/kernel/hostname");
    if (name === undefined) return undefined;
    return eachValue(hostSamples(evidence), hostDescr, ({ hostname }) => hostname !== name.slice(0, 64) && hostname);
  }),
  check("F-04", "M", "the uuid is one, and not zero", (evidence) => {
    const seen = new Set<string>();
    const wrong = eachValue(hostSamples(evidence), hostDescr, ({ uuid }) => {
      seen.add(hex(uuid));
      return uuid.every((byte) => byte === 0) && "all zero";
    });
    return wrong && (seen.size > 1 ? [...wrong, `${[...seen].join(", ")}`] : wrong);
  }),
  check("F-05", "M", "machine and operating system are the host's", (evidence) => {
    const release = once(evidence, "/proc/sys/kernel/osrelease");
    if (release === undefined) return undefined;
    return eachValue(hostSamples(evidence), hostDescr, ({ machine_type, os_name, os_release }) => {
      if (os_name !== LINUX || os_release !== release.slice(0, 32)) return `os ${os_name}, ${os_release}`;
      return machine_type !== MACHINE_TYPE[process.arch] && `machine_type ${machine_type} on ${process.arch}`;
    });
  }),
  check("F-06", "M", "adapters exist and have the kernel's addresses", judgeAdapters),
  check("F-10", "S", "cpu_speed is near the kernel's", judgeSpeed),
  check("F-26", "M", "virt_node is the host's", (evidence) => {
    const sources = new Set(children(evidence).map(({ source }) => source));
    return eachValue(hostSamples(evidence), virtNode, ({ memory, num_domains }, { sample }) => {
      const total = recordOf(sample.records, hostMemory)?.mem_total;
      if (total !== undefined && total !== memory) return `memory ${memory}, host_memory has ${total}`;
      return num_domains < sources.size && `${num_domains} domains, ${sources.size} were seen`;
    });
  }),
  check("F-27", "M", "children have processors and a state", (evidence) =>
    eachValue(
      children(evidence),
      virtCpu,
      ({ state, nrVirtCpu }) => (nrVirtCpu < 1 || state > 7) && `${nrVirtCpu}, state ${state}`,
    ),
  ),
  check("F-28", "M", "a child uses no more memory than it may", (evidence) =>
    eachValue(
      children(evidence),
      virtMemory,
      ({ memory, maxMemory }) => (memory > maxMemory || maxMemory >= 2n ** 62n) && `${memory} of ${maxMemory}`,
    ),
  ),
  check("F-30", "M", "graphics processors are plausible", ({ stream }) =>
    eachValue(stream.counters, nvidiaGpu, ({ device_count, mem_free, mem_total, fan_speed, temperature }) => {
      if (device_count === 0) return "no devices";
      return (mem_free > mem_total || fan_speed > 100 || temperature > 120) && "out of range";
    }),
  ),
];
