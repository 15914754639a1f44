// F, the host against /proc: identity, load, processors, memory and the protocol groups, each field with its source
// in /proc.

import { counterDelta } from "../../agent/sflow/continuity.ts";
import { recordOf } from "../../agent/sflow/decode.ts";
import type { RecordType } from "../../agent/sflow/record.ts";
import { hostCpu } from "../../agent/sflow/records/counter/host-cpu.ts";
import { hostMemory } from "../../agent/sflow/records/counter/host-memory.ts";
import { mib2IcmpGroup } from "../../agent/sflow/records/counter/mib2-icmp-group.ts";
import { mib2IpGroup } from "../../agent/sflow/records/counter/mib2-ip-group.ts";
import { mib2TcpGroup } from "../../agent/sflow/records/counter/mib2-tcp-group.ts";
import { mib2UdpGroup } from "../../agent/sflow/records/counter/mib2-udp-group.ts";
import type { Type } from "../../agent/xdr/type.ts";
import { compare, counter32, gauge, type Row } from "./against-kernel.ts";
import { type Check, check, type Evidence, each, type Find } from "./check.ts";
import { cpuTimes, loadavg, meminfo, processors, snmp, stat, uptime, vmstat } from "./kernel-text.ts";
import type { PlacedCounters } from "./stream.ts";
import type { Snapshot } from "./truth.ts";

/** Samples of 2:1, the physical host. */
export const hostSamples = ({ stream }: Evidence): readonly PlacedCounters[] =>
  stream.counters.filter(({ sample: { source } }) => source.class === 2 && source.index === 1);

const onHost =
  (type: RecordType<"counter_data", unknown>, rows: readonly Row[]): Find =>
  (evidence) =>
    compare(evidence, hostSamples(evidence), type, rows);

const LOADS = ["load_one", "load_five", "load_fifteen"].map((field, i) =>
  gauge(field, (now) => loadavg(now)[i] ?? Number.NaN, 0.011),
);

/** Running threads come and go faster than snapshots are taken. */
const PROCESSES = [
  gauge("proc_run", (now) => loadavg(now)[3] ?? Number.NaN, 4),
  gauge("proc_total", (now) => loadavg(now)[4] ?? Number.NaN, 8),
];

const TIMES = ["user", "nice", "system", "idle", "wio", "intr", "sintr", "steal", "guest", "guest_nice"];

/** Ticks of 10 ms: each processor adds its own at its own time. */
function judgeTimes(evidence: Evidence): readonly string[] | undefined {
  const slack = 10 * (evidence.truth?.snapshots[0] ? processors(evidence.truth.snapshots[0]) : 1);
  const rows = TIMES.map((name, i) =>
    gauge(`cpu_${name}`, (now) => (cpuTimes(now)[i] ?? Number.NaN) % 0x1_0000_0000, slack),
  );
  return onHost(hostCpu, rows)(evidence);
}

const PRIMARY = TIMES.slice(0, 8);

/** The eight times of all processors add up to the time that passed. */
function judgeTotal(evidence: Evidence): string[] | undefined {
  const values = hostSamples(evidence).flatMap(({ seen, sample }) => {
    const value = recordOf(sample.records, hostCpu) as Readonly<Record<string, number | undefined>> | undefined;
    return value === undefined ? [] : [{ time: seen.time, value }];
  });
  const [first, last] = [values[0], values.at(-1)];
  if (first === undefined || last === undefined || last.time - first.time < 5) return undefined;
  const spent = PRIMARY.reduce(
    (sum, name) => sum + Number(counterDelta(first.value[`cpu_${name}`], last.value[`cpu_${name}`], 32) ?? 0),
    0,
  );
  const passed = (last.time - first.time) * 1000 * Number(last.value["cpu_num"]);
  const slack = 0.02 + 1.1 / (last.time - first.time);
  const off = Math.abs(spent / passed - 1);
  return off > slack ? [`${spent} ms in ${passed.toFixed(0)} ms of all processors`] : [];
}

/** Free memory changes by the page during a read. */
const PAGES = 64 << 20;

const MEMORY = [
  gauge("mem_total", (now) => meminfo(now, "MemTotal")),
  gauge("mem_free", (now) => meminfo(now, "MemFree"), PAGES),
  gauge("mem_buffers", (now) => meminfo(now, "Buffers"), PAGES),
  gauge("mem_cached", (now) => meminfo(now, "Cached") + meminfo(now, "SReclaimable"), PAGES),
  gauge("swap_total", (now) => meminfo(now, "SwapTotal")),
  gauge("swap_free", (now) => meminfo(now, "SwapFree"), PAGES),
];

const PAGING = Object.entries({ page_in: "pgpgin", page_out: "pgpgout", swap_in: "pswpin", swap_out: "pswpout" }).map(
  ([field, name]) => counter32(field, (now) => vmstat(now, name)),
);

/** Fields of a MIB-II group by the kernel's name: the field without its prefix. */
const group = (type: RecordType<"counter_data", unknown>, protocol: string, except: readonly string[] = []): Row[] =>
  Object.entries(type.fields as Readonly<Record<string, Type<unknown>>>)
    .map(([field, { name }]) => ({ field, isCounter: name === "counter32", word: field.slice(protocol.length) }))
    .filter(({ field }) => !except.includes(field))
    .map(({ field, isCounter, word }) => {
      const read = (now: Snapshot): number => snmp(now, protocol, word);
      return isCounter ? counter32(field, read) : gauge(field, read);
    });

/** Connections come and go between snapshots. */
const TCP_CONNECTIONS = gauge("tcpCurrEstab", (now) => snmp(now, "Tcp", "CurrEstab"), 8);

const all =
  (...finds: readonly Find[]): Find =>
  (evidence) => {
    const results = finds.map((find) => find(evidence)).filter((messages) => messages !== undefined);
    return results.length === 0 ? undefined : results.flat();
  };

export const host: readonly Check[] = [
  check("F-07", "M", "load averages are the kernel's", onHost(hostCpu, LOADS)),
  check("F-08", "M", "running and existing threads are the kernel's", onHost(hostCpu, PROCESSES)),
  check("F-09", "M", "cpu_num is the number of processors", onHost(hostCpu, [gauge("cpu_num", processors)])),
  check("F-11", "M", "uptime is the host's", onHost(hostCpu, [gauge("uptime", uptime, 2)])),
  check("F-12", "M", "processor times are the kernel's, in milliseconds", judgeTimes),
  check("F-13", "M", "processor times add up to the time that passed", judgeTotal),
  check(
    "F-14",
    "M",
    "interrupts and context switches are the kernel's",
    onHost(hostCpu, [
      counter32("interrupts", (now) => stat(now, "intr")),
      counter32("contexts", (now) => stat(now, "ctxt")),
    ]),
  ),
  check("F-15", "M", "memory is the kernel's", onHost(hostMemory, MEMORY)),
  check("F-16", "M", "free is not more than there is", (evidence) => {
    const values = hostSamples(evidence).flatMap(({ sample, name }) => {
      const value = recordOf(sample.records, hostMemory);
      return value === undefined ? [] : [{ name, value }];
    });
    if (values.length === 0) return undefined;
    return each(
      values,
      ({ name, value }) =>
        (value.mem_free > value.mem_total || value.swap_free > value.swap_total) && `${name}: more is free`,
    );
  }),
  check("F-17", "M", "paging and swapping are the kernel's", onHost(hostMemory, PAGING)),
  check(
    "F-22",
    "M",
    "IP, TCP and UDP are the kernel's, by name",
    all(
      onHost(mib2IpGroup, group(mib2IpGroup, "Ip")),
      onHost(mib2TcpGroup, group(mib2TcpGroup, "Tcp", ["tcpCurrEstab"])),
      onHost(mib2UdpGroup, group(mib2UdpGroup, "Udp")),
    ),
  ),
  check("F-23", "M", "ICMP is the kernel's, by name", onHost(mib2IcmpGroup, group(mib2IcmpGroup, "Icmp"))),
  check("F-24", "M", "established connections are the kernel's", onHost(mib2TcpGroup, [TCP_CONNECTIONS])),
  check(
    "F-25",
    "M",
    "tcpMaxConn is the kernel's, sign included",
    onHost(mib2TcpGroup, [gauge("tcpMaxConn", (now) => snmp(now, "Tcp", "MaxConn"))]),
  ),
];
