// The lines that `hsflowd demo` prints about a host, its interfaces and sampled packets.

import { expect, test } from "vitest";
import { makePaint } from "../../../agent/commands/demo/paint.ts";
import { View } from "../../../agent/commands/demo/view.ts";
import { counterRecord, flowRecord } from "../../../agent/sflow/record.ts";
import { hostCpu } from "../../../agent/sflow/records/counter/host-cpu.ts";
import { hostDescr } from "../../../agent/sflow/records/counter/host-descr.ts";
import { hostDiskIo } from "../../../agent/sflow/records/counter/host-disk-io.ts";
import { hostMemory } from "../../../agent/sflow/records/counter/host-memory.ts";
import { hostNetIo } from "../../../agent/sflow/records/counter/host-net-io.ts";
import { ifCounters } from "../../../agent/sflow/records/counter/if-counters.ts";
import { portName } from "../../../agent/sflow/records/counter/port-name.ts";
import { extendedTcpInfo } from "../../../agent/sflow/records/flow/extended-tcp-info.ts";
import { counters, datagram, received } from "./samples.ts";

const OWN_PORT = 40_000;
const NOON = new Date(2026, 0, 2, 12, 0, 0).getTime();
const view = (packetsPerSecond = 10, colour = false, width = 200) =>
  new View({
    paint: makePaint(colour),
    ...{ ownPort: OWN_PORT, packetsPerSecond, width, interfaces: new Map([[9, "eth0"]]), now: NOON },
  });

const host = (milliseconds: number) =>
  counters("2:1", [
    counterRecord(hostDescr, { ...hostDescr.unknown, hostname: "web1", os_release: "6.1.0-25-amd64" }),
    counterRecord(hostCpu, {
      ...hostCpu.unknown,
      load_one: 0.417,
      cpu_num: 2,
      cpu_user: 1000 + milliseconds * 0.5,
      cpu_nice: 0,
      cpu_system: 0xffff_ff00 + milliseconds * 0.25,
      cpu_idle: 5000 + milliseconds * 1.25,
    }),
    counterRecord(hostMemory, {
      ...hostMemory.unknown,
      mem_total: 8e9,
      mem_free: 3e9,
      mem_buffers: 5e8,
      mem_cached: 5e8,
    }),
    counterRecord(hostDiskIo, { ...hostDiskIo.unknown, disk_total: 1e11, disk_free: 6e10 }),
    counterRecord(hostNetIo, {
      ...hostNetIo.unknown,
      bytes_in: 1_000_000 + milliseconds * 125,
      bytes_out: 5,
      pkts_in: milliseconds,
      pkts_out: 0,
    }),
  ]);

const eth0 = (octets: number, errors = 0) =>
  counters("0:2", [
    counterRecord(ifCounters, {
      ...ifCounters.unknown,
      ifIndex: 2,
      ifSpeed: 10_000_000_000,
      ifStatus: 3,
      ifInOctets: octets,
      ifInUcastPkts: octets / 1000,
      ifInErrors: errors,
      ifInDiscards: 0,
      ifOutOctets: 0,
    }),
    counterRecord(portName, { name: "eth0" }),
  ]);

/** Wraps values that exceed 32 bits, as they are on the wire. */
const wrapped = (sample: ReturnType<typeof host>) => {
  for (const { content } of sample.records) {
    const value = content?.value as Record<string, unknown>;
    if (typeof value["cpu_system"] === "number") value["cpu_system"] %= 2 ** 32;
  }
  return sample;
};

test("prints the host's name and levels at once, and rates from the second sample on", () => {
  const shown = view();
  expect(shown.lines(datagram(1000, wrapped(host(0))), NOON)).toEqual([
    "12:00:00 host      web1, 6.1.0-25-amd64",
    "12:00:00 host      load 0.42   2 cpu   memory 4.00 GB of 8.00 GB   disk 40 % of 100 GB",
  ]);
  expect(shown.lines(datagram(6000, wrapped(host(5000))), NOON + 5000)).toEqual([
    "12:00:05 host      load 0.42   cpu 38 % (user 25 %, system 13 %)   memory 4.00 GB of 8.00 GB   " +
      "disk 40 % of 100 GB   net in 1.00 Mbit/s out 0 bit/s (1.00 kpkt/s)",
  ]);
});

test("prints totals of an interface first, then rates, errors and speed", () => {
  const shown = view();
  expect(shown.lines(datagram(1000, eth0(5_000_000)), NOON)).toEqual([
    "12:00:00 eth0      in 5.00 MB so far   out 0 B so far   up, 10.0 Gbit/s",
  ]);
  expect(shown.lines(datagram(3000, eth0(6_000_000, 7)), NOON + 2000)).toEqual([
    "12:00:02 eth0      in 4.00 Mbit/s 500 pkt/s   out 0 bit/s 0 pkt/s   errors 7   drops 0   up, 10.0 Gbit/s",
  ]);
});

const ETHERNET = "020000000002 020000000001 ";
const tcp = (source: string, destination: string) =>
  `${ETHERNET} 0800 450005dc000040004006 0000 c0000202 c0000201 ${source} ${destination} 00000001 00000002 5012 ffff 0000 0000`;

test("prints interface, direction, addresses, flags, size and rate of a packet", () => {
  const shown = view();
  expect(shown.lines(datagram(0, received(1, tcp("01bb", "c350"))), NOON)).toEqual([
    "12:00:00 if 2 in   tcp 192.0.2.2:443 > 192.0.2.1:50000 [S.]  1514 B  1 of 10",
  ]);
  shown.lines(datagram(0, eth0(0)), NOON);
  expect(shown.lines(datagram(0, received(1, tcp("01bb", "c350"), 1)), NOON)).toEqual([
    "12:00:00 eth0 in   tcp 192.0.2.2:443 > 192.0.2.1:50000 [S.]  1514 B",
  ]);
});

test("prints round-trip time and retransmissions of a known connection", () => {
  const info = flowRecord(extendedTcpInfo, { ...extendedTcpInfo.unknown, rtt: 12_345, retrans: 3 });
  expect(view().lines(datagram(0, received(1, tcp("01bb", "c350"), 1, info)), NOON)).toEqual([
    expect.stringMatching(/\[S\.\] {2}1514 B {2}rtt 12\.35 ms, 3 retransmitted$/),
  ]);
});

test("prints packets without Ethernet header, of IPv6, and of other protocols", () => {
  const udp6 = `60000000 0008 11 40 20010db8000000000000000000000001 20010db8000000000000000000000002 0035 1000 0008 0000`;
  const packets = [received(12, udp6), received(1, `${ETHERNET} 0806 0001`), received(1, `${ETHERNET} 9999 0001`)];
  expect(view().lines(datagram(0, ...packets), NOON)).toEqual([
    "12:00:00 if 2 in   udp [2001:db8::1]:53 > [2001:db8::2]:4096  1514 B  1 of 10",
    "12:00:00 if 2 in   arp 02:00:00:00:00:01 > 02:00:00:00:00:02  1514 B  1 of 10",
    "12:00:00 if 2 in   9999 02:00:00:00:00:01 > 02:00:00:00:00:02  1514 B  1 of 10",
  ]);
});

test("does not show the demo's own datagrams", () => {
  const own = `${ETHERNET} 0800 450000200000400040110000 7f000001 7f000001 8000 9c40 000c 0000 00000000`;
  expect(view().lines(datagram(0, received(1, own)), NOON)).toEqual([]);
});

test("sums up the packets beyond the limit when the second is over", () => {
  const shown = view(2);
  const packet = received(1, tcp("01bb", "c350"));
  expect(shown.lines(datagram(0, packet, packet, packet, packet, packet), NOON)).toHaveLength(2);
  expect(shown.lines(datagram(0, packet), NOON + 1000)).toEqual([
    "12:00:00           3 more samples not shown (30 packets)",
    expect.stringContaining("12:00:01 if 2 in"),
  ]);
});

test("uses colours only if the option is set", () => {
  const packet = datagram(0, received(1, tcp("01bb", "c350")));
  expect(view(10, true).lines(packet, NOON)[0]).toContain("\x1b[32m");
  expect(view().lines(packet, NOON)[0]).not.toContain("\x1b");
});

test("forgets data sources that would fill the memory, and begins with them again", () => {
  const shown = view();
  shown.lines(datagram(1000, wrapped(host(0))), NOON);
  for (let i = 0; i <= 16_384; i++) shown.lines(datagram(1000, counters(`3:${i}`, [])), NOON);
  expect(shown.lines(datagram(6000, wrapped(host(5000))), NOON + 5000)[0]).toBe(
    "12:00:05 host      web1, 6.1.0-25-amd64",
  );
});

test("continues a line below its text if the terminal is narrow, with and without colours", () => {
  const udp6 = `60000000 0008 11 40 20010db8000100020003000400050006 20010db8000100020003000400050007 0035 1000 0008 0000`;
  for (const colour of [false, true]) {
    const lines = view(10, colour, 80).lines(datagram(0, received(12, udp6), received(1, tcp("01bb", "c350"))), NOON);
    const plain = lines.map((line) => line.split("\u001b[").map((part, i) => (i ? part.replace(/^\d+m/, "") : part)));
    expect(plain.map((parts) => parts.join(""))).toEqual([
      "12:00:00 if 2 in   udp [2001:db8:1:2:3:4:5:6]:53 > [2001:db8:1:2:3:4:5:7]:4096",
      "                   1514 B  1 of 10",
      "12:00:00 if 2 in   tcp 192.0.2.2:443 > 192.0.2.1:50000 [S.]  1514 B  1 of 10",
    ]);
  }
});

test("shows the counters of the chosen interfaces only, and only if they moved", () => {
  const shown = view();
  const eth1 = counters("0:3", [
    counterRecord(ifCounters, { ...ifCounters.unknown, ifIndex: 3, ifStatus: 3, ifInOctets: 5 }),
    counterRecord(portName, { name: "eth1" }),
  ]);
  expect(shown.lines(datagram(1000, eth0(1000), eth1), NOON)).toHaveLength(1);
  expect(shown.lines(datagram(2000, eth0(1000), eth1), NOON)).toEqual([]);
  expect(shown.lines(datagram(3000, eth0(1000, 1)), NOON)).toEqual([expect.stringContaining("errors 1")]);
});

test("says that the agent samples fewer packets, and that it samples all again", () => {
  const shown = view();
  const rates = (...list: readonly number[]) =>
    datagram(0, ...list.map((rate) => received(1, tcp("01bb", "c350"), rate)));
  shown.lines(rates(1, 2, 4, 2048), NOON);
  expect(shown.lines(rates(2048), NOON + 1000)[0]).toBe("12:00:00 if 2      from here on 1 in 2,048 packets");
  expect(shown.lines(rates(2048, 1), NOON + 2000)[0]).toContain("12:00:02 if 2 in");
  expect(shown.lines(rates(1), NOON + 3000)[0]).toBe("12:00:02 if 2      from here on every packet");
});

test("names an interface before its first counters", () => {
  const sample = { ...received(1, tcp("01bb", "c350")), source: { class: 0, index: 9 } };
  expect(view().lines(datagram(0, sample), NOON)[0]).toContain("12:00:00 eth0 ");
});

test("names the conversations with the most octets, without ports", () => {
  const shown = view();
  const [web, other] = [received(1, tcp("01bb", "c350"), 1000), received(1, tcp("0050", "c351"), 1000)];
  const arp = received(1, `${ETHERNET} 0806 0001`, 500);
  shown.lines(datagram(0, web, other, arp), NOON);
  expect(shown.talkers(NOON + 2000)).toEqual([
    "12:00:02 if 2 top  tcp 192.0.2.2 > 192.0.2.1   1.00 kpkt/s   12.1 Mbit/s   80 %",
    "12:00:02 if 2 top  arp 02:00:00:00:00:01 > 02:00:00:00:00:02   250 pkt/s   3.03 Mbit/s   20 %",
  ]);
  expect(shown.talkers(NOON + 4000)).toEqual([]);
});
