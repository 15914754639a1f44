// Each check against the kernel, on a fake kernel with which the exported value agrees, or not.

import { describe, expect, it } from "vitest";
import { hostAdapters } from "../../agent/sflow/records/counter/host-adapters.ts";
import { hostCpu } from "../../agent/sflow/records/counter/host-cpu.ts";
import { hostDescr } from "../../agent/sflow/records/counter/host-descr.ts";
import { hostDiskIo } from "../../agent/sflow/records/counter/host-disk-io.ts";
import { hostMemory } from "../../agent/sflow/records/counter/host-memory.ts";
import { hostNetIo } from "../../agent/sflow/records/counter/host-net-io.ts";
import { hostParent } from "../../agent/sflow/records/counter/host-parent.ts";
import { ifCounters } from "../../agent/sflow/records/counter/if-counters.ts";
import { mib2IcmpGroup } from "../../agent/sflow/records/counter/mib2-icmp-group.ts";
import { mib2TcpGroup } from "../../agent/sflow/records/counter/mib2-tcp-group.ts";
import { portName } from "../../agent/sflow/records/counter/port-name.ts";
import { virtCpu } from "../../agent/sflow/records/counter/virt-cpu.ts";
import { virtMemory } from "../../agent/sflow/records/counter/virt-memory.ts";
import { virtNode } from "../../agent/sflow/records/counter/virt-node.ts";
import type { ValueOf } from "../../agent/xdr/type.ts";
import { type Bytes, countersSample, datagram, record } from "../sflow/build.ts";
import { checks } from "./all.ts";
import { runChecks } from "./check.ts";
import { expectation, START } from "./good.ts";
import { openStream } from "./stream.ts";
import { makeTruth, type Snapshot } from "./truth.ts";

const FILES: Snapshot["files"] = {
  "/proc/loadavg": "0.50 0.25 0.12 2/180 4711\n",
  "/proc/meminfo":
    "MemTotal: 1000 kB\nMemFree: 400 kB\nBuffers: 10 kB\nCached: 90 kB\nSReclaimable: 10 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n",
  "/proc/vmstat": "pgpgin 11\npgpgout 12\npswpin 13\npswpout 14\n",
  "/proc/stat":
    "cpu  100 0 50 1000 1 0 2 0 0 0\ncpu0 50 0 25 500 1 0 1 0 0 0\ncpu1 50 0 25 500 0 0 1 0 0 0\nintr 777 1 2\nctxt 888\n",
  "/proc/uptime": "5000.12 9000.00\n",
  "/proc/diskstats":
    "8 0 sda 10 0 200 30 40 0 500 60 0 0 0\n8 1 sda1 10 0 200 30 40 0 500 60 0 0 0\n253 0 dm-0 9 9 9 9 9 9 9 9 0 0 0\n",
  "/proc/net/dev":
    "Inter-| Receive\n face |bytes\n  eth0: 5000 50 1 2 0 0 0 3 6000 60 4 5 0 0 0 0\n    lo: 9 9 0 0 0 0 0 0 9 9 0 0 0 0 0 0\n",
  "/proc/net/snmp":
    "Icmp: InMsgs InErrors InCsumErrors InDestUnreachs InTimeExcds\nIcmp: 30 0 0 25 4\nTcp: RtoAlgorithm RtoMin RtoMax MaxConn CurrEstab\nTcp: 1 200 120000 -1 7\n",
  "/proc/mounts": "/dev/sda1 / ext4 rw 0 0\n/dev/sda1 /bind ext4 rw 0 0\n",
  "/proc/cpuinfo": "cpu MHz : 2600.000\n",
  "/proc/sys/kernel/hostname": "web1\n",
  "/proc/sys/kernel/osrelease": "6.1.0\n",
  "/sys/class/net/eth0/ifindex": "3\n",
  "/sys/class/net/eth0/address": "02:00:00:00:00:01\n",
  "/sys/class/net/eth0/operstate": "up\n",
  "/sys/class/net/eth0/flags": "0x1043\n",
  "/sys/class/net/eth0/type": "1\n",
  "/sys/class/net/eth0/speed": "10000\n",
  "/sys/class/net/eth0/duplex": "full\n",
  "/sys/class/net/lo/ifindex": "1\n",
  "/sys/class/net/lo/type": "772\n",
  "/sys/class/net/lo/flags": "0x49\n",
};

const snapshots = Array.from(
  { length: 20 },
  (_, i): Snapshot => ({
    time: START - 1 + i / 10,
    files: FILES,
    sizes: { "/": { total: 1000, available: 400 }, "/bind": { total: 1000, available: 400 } },
  }),
);

const HOST: [number, number] = [2, 1];
const CONTAINER: [number, number] = [3, 100_001];
const machine = process.arch === "x64" ? 3 : 10;

interface Right {
  readonly cpu: ValueOf<typeof hostCpu>;
  readonly descr: ValueOf<typeof hostDescr>;
  readonly memory: ValueOf<typeof hostMemory>;
  readonly disk: ValueOf<typeof hostDiskIo>;
  readonly net: ValueOf<typeof hostNetIo>;
  readonly adapters: ValueOf<typeof hostAdapters>;
  readonly icmp: ValueOf<typeof mib2IcmpGroup>;
  readonly tcp: ValueOf<typeof mib2TcpGroup>;
  readonly port: ValueOf<typeof ifCounters>;
  readonly name: ValueOf<typeof portName>;
}

const right: Right = {
  cpu: {
    ...hostCpu.unknown,
    ...{ load_one: 0.5, load_five: 0.25, load_fifteen: 0.12, proc_run: 2, proc_total: 180, cpu_num: 2 },
    ...{ cpu_speed: 2600, uptime: 5000, cpu_user: 1000, cpu_nice: 0, cpu_system: 500, cpu_idle: 10_000, cpu_wio: 10 },
    ...{ cpu_intr: 0, cpu_sintr: 20, interrupts: 777, contexts: 888, cpu_steal: 0, cpu_guest: 0, cpu_guest_nice: 0 },
  },
  descr: { hostname: "web1", uuid: new Uint8Array(16).fill(7), machine_type: machine, os_name: 2, os_release: "6.1.0" },
  memory: {
    ...{ mem_total: 1_024_000, mem_free: 409_600, mem_shared: 0, mem_buffers: 10_240, mem_cached: 102_400 },
    ...{ swap_total: 0, swap_free: 0, page_in: 11, page_out: 12, swap_in: 13, swap_out: 14 },
  },
  disk: {
    ...{ disk_total: 1000, disk_free: 400, part_max_used: 6000, reads: 10, bytes_read: 102_400, read_time: 30 },
    ...{ writes: 40, bytes_written: 256_000, write_time: 60 },
  },
  net: {
    ...{ bytes_in: 5000, pkts_in: 50, errs_in: 1, drops_in: 2 },
    ...{ bytes_out: 6000, pkts_out: 60, errs_out: 4, drops_out: 5 },
  },
  adapters: { adapters: [{ ifIndex: 3, mac_address: [Uint8Array.of(2, 0, 0, 0, 0, 1)] }] },
  icmp: { ...mib2IcmpGroup.unknown, icmpInMsgs: 30, icmpInErrors: 0, icmpInDestUnreachs: 25, icmpInTimeExcds: 4 },
  tcp: {
    ...mib2TcpGroup.unknown,
    tcpRtoAlgorithm: 1,
    tcpRtoMin: 200,
    tcpRtoMax: 120_000,
    tcpMaxConn: -1,
    tcpCurrEstab: 7,
  },
  port: {
    ...ifCounters.unknown,
    ...{ ifIndex: 3, ifType: 6, ifSpeed: 1e10, ifDirection: 1, ifStatus: 3, ifInOctets: 5000, ifOutOctets: 6000 },
    ...{ ifInUcastPkts: 47, ifInMulticastPkts: 3, ifOutUcastPkts: 60 },
    ...{ ifInErrors: 1, ifOutErrors: 4, ifInDiscards: 2, ifOutDiscards: 5 },
  },
  name: { name: "eth0" },
};

const samplesOf = (value: Right, extra: Bytes[] = []): Bytes[] => [
  countersSample(
    [
      record(hostDescr, value.descr),
      record(hostAdapters, value.adapters),
      record(hostCpu, value.cpu),
      record(hostMemory, value.memory),
      record(hostDiskIo, value.disk),
      record(hostNetIo, value.net),
      record(mib2IcmpGroup, value.icmp),
      record(mib2TcpGroup, value.tcp),
    ],
    { source: HOST },
  ),
  countersSample([record(ifCounters, value.port), record(portName, value.name)], { source: [0, 3] }),
  ...extra,
];

/** Fields that the small fake /proc does not have are unknown to it, and pass. */
function found(samples: readonly Bytes[], later: readonly Bytes[] = []): string[] {
  const payloads = [samples, ...(later.length > 0 ? [later] : [])].map((all) => datagram(all));
  const stream = openStream(payloads.map((payload, i) => ({ time: START + 0.5 + i / 10, payload })));
  const mine = checks.filter(({ id }) => /^[EF]/.test(id));
  const { findings } = runChecks(mine, { stream, expect: expectation, truth: makeTruth(snapshots) });
  return findings.map(({ id }) => id);
}

it("finds no fault where all values agree", () => {
  expect(found(samplesOf(right))).toEqual([]);
});

type Change = { readonly [K in keyof Right]?: Partial<Right[K]> };
const changed = (change: Change): Right =>
  Object.fromEntries(
    Object.entries(right).map(([key, value]) => [key, { ...value, ...change[key as keyof Right] }]),
  ) as Right;

describe("one wrong value", () => {
  it.each<[string, Change]>([
    ["E-05", { disk: { part_max_used: 10_001 } }],
    ["E-06", { port: { ifIndex: 4 } }],
    ["E-07", { port: { ifInOctets: 4999 } }],
    ["E-07", { port: { ifOutErrors: undefined } }],
    ["E-08", { port: { ifInUcastPkts: 50 } }],
    ["E-09", { port: { ifStatus: 1 } }],
    ["E-10", { port: { ifSpeed: 1e9 } }],
    ["E-11", { port: { ifDirection: 2 } }],
    ["E-12", { port: { ifType: 24 } }],
    ["E-13", { port: { ifPromiscuousMode: 1 } }],
    ["E-14", { name: { name: "eth1" } }],
    ["F-03", { descr: { hostname: "web2" } }],
    ["F-04", { descr: { uuid: new Uint8Array(16) } }],
    ["F-05", { descr: { os_name: 3 } }],
    ["F-05", { descr: { machine_type: 1 } }],
    ["F-06", { adapters: { adapters: [{ ifIndex: 3, mac_address: [new Uint8Array(6).fill(9)] }] } }],
    ["F-07", { cpu: { load_five: 0.5 } }],
    ["F-07", { cpu: { load_one: undefined } }],
    ["F-08", { cpu: { proc_total: 100 } }],
    ["F-09", { cpu: { cpu_num: 4 } }],
    ["F-10", { cpu: { cpu_speed: 1000 } }],
    ["F-11", { cpu: { uptime: 4000 } }],
    ["F-12", { cpu: { cpu_user: 100 } }],
    ["F-14", { cpu: { contexts: 777 } }],
    ["F-15", { memory: { mem_total: 1000 } }],
    ["F-16", { memory: { mem_free: 2_000_000 } }],
    ["F-17", { memory: { page_in: 11 * 1024 } }],
    ["F-18", { disk: { disk_total: 2000 } }],
    ["F-19", { disk: { part_max_used: 4000 } }],
    ["F-20", { disk: { bytes_read: 204_800 } }],
    ["F-21", { net: { bytes_in: 5009 } }],
    ["F-22", { tcp: { tcpRtoMin: 100 } }],
    ["F-23", { icmp: { icmpInDestUnreachs: 0, icmpInTimeExcds: 25 } }],
    ["F-24", { tcp: { tcpCurrEstab: 70 } }],
    ["F-25", { tcp: { tcpMaxConn: 1 } }],
  ])("%s speaks", (id, change) => {
    expect(found(samplesOf(changed(change)))).toContain(id);
  });
});

describe("records and fields that are present or missing", () => {
  it("E-01 and E-02 report a counter that decreases or disappears", () => {
    const back = samplesOf(changed({ net: { bytes_in: 4000 } }));
    expect(found(samplesOf(right), back)).toContain("E-01");
    expect(found(samplesOf(right), samplesOf(changed({ net: { bytes_in: undefined } })))).toContain("E-02");
  });

  it("E-19 reports a missing interface, F-01 a missing record", () => {
    expect(found(samplesOf(right).slice(0, 1))).toContain("E-19");
    expect(found([countersSample([record(hostCpu, right.cpu)], { source: HOST })])).toContain("F-01");
  });

  it("F-02 reports a host with a parent, and containers without one", () => {
    const orphan = countersSample([record(virtCpu, { state: 1, cpuTime: 1, nrVirtCpu: 1 })], { source: CONTAINER });
    expect(found(samplesOf(right, [orphan]))).toContain("F-02");
    const parent = countersSample([record(hostParent, { container_type: 2, container_index: 1 })], { source: HOST });
    expect(found([parent])).toContain("F-02");
  });

  it("F-26, F-27 and F-28 report containers that are impossible", () => {
    const child = countersSample(
      [
        record(hostParent, { container_type: 2, container_index: 1 }),
        record(virtCpu, { state: 1, cpuTime: 1, nrVirtCpu: 0 }),
        record(virtMemory, { memory: 10, maxMemory: 5 }),
      ],
      { source: CONTAINER },
    );
    const node = countersSample([record(virtNode, { ...virtNode.unknown, num_domains: 0 })], { source: HOST });
    expect(found([...samplesOf(right), child, node])).toEqual(expect.arrayContaining(["F-26", "F-27", "F-28"]));
  });
});
