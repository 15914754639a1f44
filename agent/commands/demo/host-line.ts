// The line about the host: load, processors, memory, disks, network. Rates are computed from two samples.

import type { DecodedCountersSample } from "../../sflow/decode/values.ts";
import { recordOf } from "../../sflow/decode.ts";
import { hostCpu } from "../../sflow/records/counter/host-cpu.ts";
import { hostDescr } from "../../sflow/records/counter/host-descr.ts";
import { hostDiskIo } from "../../sflow/records/counter/host-disk-io.ts";
import { hostMemory } from "../../sflow/records/counter/host-memory.ts";
import { hostNetIo } from "../../sflow/records/counter/host-net-io.ts";
import type { ValueOf } from "../../xdr/type.ts";
import { growth32, growth64, sum } from "./delta.ts";
import type { Timed } from "./timed.ts";
import { bitsPerSecond, bytes, packetsPerSecond, percent } from "./units.ts";

type Cpu = ValueOf<typeof hostCpu>;
type Memory = ValueOf<typeof hostMemory>;
type Disk = ValueOf<typeof hostDiskIo>;
type Net = ValueOf<typeof hostNetIo>;
type Samples = Timed<DecodedCountersSample>;

/** Returns host name and kernel release; undefined if the sample has no host_descr. */
export function hostName({ records }: DecodedCountersSample): string | undefined {
  const descr = recordOf(records, hostDescr);
  return descr && `${descr.hostname}, ${descr.os_release}`;
}

export function hostLine(now: Samples, before: Samples | undefined): string {
  const cpu = recordOf(now.sample.records, hostCpu);
  const memory = recordOf(now.sample.records, hostMemory);
  const disk = recordOf(now.sample.records, hostDiskIo);
  const net = recordOf(now.sample.records, hostNetIo);
  const past = before?.sample.records ?? [];
  const seconds = before ? (now.uptime - before.uptime) / 1000 : 0;
  return [
    cpu?.load_one !== undefined && `load ${cpu.load_one.toFixed(2)}`,
    cpu && cpuText(cpu, recordOf(past, hostCpu)),
    memory && `memory ${memoryText(memory)}`,
    disk && diskText(disk),
    net && netText(net, recordOf(past, hostNetIo), seconds),
  ]
    .filter((part) => part)
    .join("   ");
}

const CPU_TIMES = ["user", "nice", "system", "idle", "wio", "intr", "sintr", "steal"] as const;

/** Leaves guest time out, because user time includes it. */
function cpuText(now: Cpu, before: Cpu | undefined): string {
  if (before === undefined) return `${now.cpu_num} cpu`;
  const spent = CPU_TIMES.map((name) => growth32(now[`cpu_${name}`], before[`cpu_${name}`]) ?? 0);
  const total = Math.max(1, sum(...spent) ?? 0);
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0] = spent;
  const busy = percent(Math.max(0, 1 - (idle + wait) / total));
  return `cpu ${busy} (user ${percent((user + nice) / total)}, system ${percent(system / total)})`;
}

function memoryText(memory: Memory): string {
  const reclaimable = Number(memory.mem_free) + Number(memory.mem_buffers) + Number(memory.mem_cached);
  return `${bytes(Math.max(0, Number(memory.mem_total) - reclaimable))} of ${bytes(memory.mem_total)}`;
}

const diskText = ({ disk_total, disk_free }: Disk): string =>
  Number(disk_total) === 0 ? "" : `disk ${percent(1 - Number(disk_free) / Number(disk_total))} of ${bytes(disk_total)}`;

function netText(now: Net, before: Net | undefined, seconds: number): string {
  if (before === undefined || seconds <= 0) return "";
  const received = (growth64(now.bytes_in, before.bytes_in) ?? 0) / seconds;
  const sent = (growth64(now.bytes_out, before.bytes_out) ?? 0) / seconds;
  const packets = (sum(growth32(now.pkts_in, before.pkts_in), growth32(now.pkts_out, before.pkts_out)) ?? 0) / seconds;
  return `net in ${bitsPerSecond(received * 8)} out ${bitsPerSecond(sent * 8)} (${packetsPerSecond(packets)})`;
}
