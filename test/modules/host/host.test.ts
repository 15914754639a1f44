// The counters sample of the host: its records, and when its sequence numbers restart.

import { expect, it } from "vitest";
import { create } from "../../../agent/modules/host/index.ts";
import { UUID } from "../../fakes/context.ts";
import type { FakeLink } from "../../fakes/link-message.ts";
import { LINKS } from "../../interfaces/links.ts";
import { makeCounting } from "../counting.ts";

const ETH0: FakeLink = { index: 4, name: "eth0", stats: { rx_bytes: 1000, rx_packets: 10 } };
const RECORDS = [
  "host_descr",
  "host_net_io",
  "host_cpu",
  "host_memory",
  "host_disk_io",
  "mib2_ip_group",
  "mib2_icmp_group",
  "mib2_tcp_group",
  "mib2_udp_group",
  "host_adapters",
];
const GIGABYTE = 1e9;

async function start(...links: FakeLink[]) {
  const context = makeCounting("virtual-machine", ...(links.length === 0 ? [ETH0] : links));
  context.host.files.sizes["/"] = { total: 8 * GIGABYTE, available: 6 * GIGABYTE };
  const running = create([{}], context);
  await running.start();
  return { ...context, running, sample: () => context.agent.sample("2:1") };
}

it("has every record of the host structures", async () => {
  const { sample } = await start();
  const records = sample();
  expect(Object.keys(records ?? {})).toEqual(RECORDS);
  expect(records?.["host_descr"]).toMatchObject({ hostname: "web1", uuid: UUID });
  expect(records?.["host_net_io"]).toMatchObject({ bytes_in: 1000, pkts_in: 10 });
  expect(records?.["host_disk_io"]).toMatchObject({ disk_total: 8 * GIGABYTE, part_max_used: 2500, reads: 178922 });
  expect(records?.["host_adapters"]).toMatchObject({ adapters: [{ ifIndex: 4 }] });
});

it("keeps the other records if files cannot be read", async () => {
  const { host, sample } = await start();
  for (const file of ["/proc/net/snmp", "/proc/stat", "/proc/meminfo", "/proc/vmstat"])
    host.files.over[file] = undefined;
  const records = sample();
  expect(Object.keys(records ?? {})).toEqual([
    "host_descr",
    "host_net_io",
    "host_cpu",
    "host_disk_io",
    "host_adapters",
  ]);
  expect(records?.["host_cpu"]).toMatchObject({ cpu_user: undefined });
});

it("restarts the sequence numbers when a card is added or removed, or a counter decreases", async () => {
  const { agent, host, sample } = await start();
  const poller = agent.pollers.get("2:1");
  const discontinuities = () => {
    host.clock.advance(1);
    sample();
    return poller?.discontinuities;
  };
  expect([discontinuities(), discontinuities()]).toEqual([0, 0]);
  host.kernel.put({ index: 9, name: "eth1", stats: { rx_bytes: 5e12 } });
  expect(discontinuities()).toBe(1);
  host.kernel.remove(9);
  expect(discontinuities()).toBe(2);
  host.kernel.set({ ...ETH0, stats: { rx_bytes: 10, rx_packets: 1 } });
  expect(discontinuities()).toBe(3);
  expect(discontinuities()).toBe(3);
  host.files.over["/proc/diskstats"] = " 254 0 vda 1 0 8 0 1 0 8 0 0 0 0\n";
  expect(discontinuities()).toBe(4);
  expect(discontinuities()).toBe(4);
});

it("keeps the sequence numbers when cards go down, or a bridge, VLAN or container is added or removed", async () => {
  const { agent, host, sample } = await start(...LINKS);
  sample();
  for (const link of LINKS.slice(1)) host.kernel.put({ ...link, flags: 0, operState: 2 });
  for (const index of [4, 5, 6, 7, 8]) host.kernel.remove(index);
  host.clock.advance(1);
  sample();
  expect(agent.pollers.get("2:1")?.discontinuities).toBe(0);
});

it("logs once that a file system does not answer", async () => {
  const { host, log, running, sample } = await start();
  sample();
  host.files.sizes["/"] = () => new Promise(() => undefined);
  for (let second = 0; second < 5; second++) {
    host.clock.advance(1);
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    sample();
  }
  expect(log.lines.filter((line) => line.startsWith("warn"))).toEqual([
    "warn: 1 mounted file systems do not answer: sending their last known size",
  ]);
  expect(running.counters?.()).toMatchObject({ mountsHung: 1, discontinuities: 0 });
});

it("stop leaves no reader and no timer", async () => {
  const { agent, host, interfaces, running } = await start();
  await running.stop();
  interfaces.stop();
  expect(agent.pollers.get("2:1")?.readers).toEqual([]);
  expect(host.clock.timers).toBe(0);
});
