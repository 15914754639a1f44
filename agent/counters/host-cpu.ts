// Reads load and processor times of this host from /proc/loadavg, /proc/stat, /proc/uptime and /proc/cpuinfo. See sFlow
// Host Structures, "host_cpu".

import type { Host } from "../host/host.ts";
import { parseCpuMhz } from "../proc/cpuinfo.ts";
import { parseLoadavg } from "../proc/loadavg.ts";
import { parseStat, type Stat } from "../proc/stat.ts";
import { parseUptime } from "../proc/uptime.ts";
import { type CounterRecord, counterRecord } from "../sflow/record.ts";
import { hostCpu } from "../sflow/records/counter/host-cpu.ts";
import { makeSlipFilter } from "./slip-filter.ts";

/** USER_HZ is 100 on every architecture that Node runs on. */
const MILLISECONDS_A_TICK = 10;
/**
 * Largest decrease of a processor time in milliseconds that is filtered. Idle and waiting times decrease a little while
 * processors rest. They decrease by more when a processor is removed.
 */
const MOST_SLIP = 600_000;
/** Milliseconds between reads of /proc/cpuinfo, which is long. Older kernels wake every processor for each read. */
const SPEED_AGE = 60_000;

const NO_STAT: Stat = parseStat("");

export function makeHostCpu(host: Host): () => CounterRecord | undefined {
  const { files } = host;
  const speed = makeCpuSpeed(host);
  const filterIdle = makeTicksFilter();
  const filterWait = makeTicksFilter();
  return () => {
    const load = parseLoadavg(files.read("/proc/loadavg") ?? "");
    const text = files.read("/proc/stat");
    const uptime = parseUptime(files.read("/proc/uptime") ?? "");
    if (load === undefined && text === undefined && uptime === undefined) return undefined;
    const { cpu, cpus, interrupts, contexts } = text === undefined ? NO_STAT : parseStat(text);
    return counterRecord(hostCpu, {
      load_one: load?.one,
      load_five: load?.five,
      load_fifteen: load?.fifteen,
      proc_run: load?.running ?? 0,
      proc_total: load?.total ?? 0,
      cpu_num: cpus,
      cpu_speed: speed(),
      uptime: Math.floor(uptime ?? 0),
      cpu_user: milliseconds(cpu.user),
      cpu_nice: milliseconds(cpu.nice),
      cpu_system: milliseconds(cpu.system),
      cpu_idle: filterIdle(milliseconds(cpu.idle)),
      cpu_wio: filterWait(milliseconds(cpu.iowait)),
      cpu_intr: milliseconds(cpu.irq),
      cpu_sintr: milliseconds(cpu.softirq),
      interrupts,
      contexts,
      cpu_steal: milliseconds(cpu.steal),
      cpu_guest: milliseconds(cpu.guest),
      cpu_guest_nice: milliseconds(cpu.guest_nice),
    });
  };
}

const makeTicksFilter = () => makeSlipFilter(MOST_SLIP);

const milliseconds = (ticks: number | undefined): number | undefined =>
  ticks === undefined ? undefined : ticks * MILLISECONDS_A_TICK;

/** Returns a reader of the MHz, 0 if unknown. ARM and RISC-V report them only through cpufreq, in kHz. */
function makeCpuSpeed({ files, clock }: Host): () => number {
  let at = Number.NEGATIVE_INFINITY;
  let speed = 0;
  const frequency = (name: string): number =>
    Number(files.read(`/sys/devices/system/cpu/cpu0/cpufreq/${name}`) ?? 0) / 1000;
  return () => {
    if (clock.uptime() - at >= SPEED_AGE) {
      at = clock.uptime();
      const mhz = parseCpuMhz(files.read("/proc/cpuinfo") ?? "");
      speed = Math.floor(mhz || frequency("scaling_cur_freq") || frequency("cpuinfo_max_freq") || 0);
    }
    return speed;
  };
}
