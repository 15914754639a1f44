// The interfaces that the demo samples, their sampling rates, and the configuration of its agent.

import { expect, test } from "vitest";
import { demoConfiguration } from "../../../agent/commands/demo/configuration.ts";
import { farewell, greeting } from "../../../agent/commands/demo/greeting.ts";
import { busyInterfaces, samplingFor, whyNotSampled } from "../../../agent/commands/demo/interfaces.ts";
import { Tally } from "../../../agent/commands/demo/tally.ts";
import { modules } from "../../../agent/modules/index.ts";
import { readConfiguration } from "../../../agent/run/configuration.ts";

const UP = "0x1003\n";
const packets = (name: string, count: number) => ({
  [`/sys/class/net/${name}/statistics/rx_packets`]: `${count}\n`,
  [`/sys/class/net/${name}/statistics/tx_packets`]: "1\n",
});
const tree: Readonly<Record<string, string>> = {
  "/sys/class/net/lo/flags": "0x9\n",
  "/sys/class/net/eth0/flags": UP,
  ...packets("eth0", 5),
  "/sys/class/net/eth1/flags": "0x1002\n",
  ...packets("eth1", 9),
  "/sys/class/net/docker0/flags": UP,
  "/sys/class/net/eth2/flags": UP,
  ...packets("eth2", 7),
  "/sys/class/net/veth1/flags": UP,
  ...packets("veth1", 9),
  "/sys/class/net/veth1/master": "",
  "/sys/class/net/od{d/flags": UP,
  ...packets("od{d", 9),
};
const files = {
  list: () => ["docker0", "eth0", "eth1", "eth2", "lo", "od{d", "veth1"],
  read: (path: string) => tree[path],
  exists: (path: string) => path in tree,
};
const host = { files } as unknown as Parameters<typeof busyInterfaces>[0];

test("samples the interfaces that carry packets, the busiest first, and the loopback", () => {
  expect(busyInterfaces(host)).toEqual(["eth2", "eth0", "lo"]);
});

test("samples few of many interfaces", () => {
  const names = Array.from({ length: 500 }, (_, i) => `veth${i}`);
  const many = { ...files, list: () => ["lo", ...names], exists: () => false, read: () => "0x1003" };
  expect(busyInterfaces({ files: many } as unknown as typeof host)).toHaveLength(9);
});

test("says why an interface cannot be sampled", () => {
  expect(whyNotSampled(host, "veth1")).toBeUndefined();
  expect(whyNotSampled(host, "eth1")).toBe("eth1 is down: run ip link set eth1 up");
  expect(whyNotSampled(host, "docker1")).toBe("there is no interface docker1; did you mean docker0?");
  expect(whyNotSampled(host, "wlan-guest")).toBe("there is no interface wlan-guest");
});

test.each([
  [0, 1],
  [20, 1],
  [21, 2],
  [1000, 50],
  [100_000, 1000],
])("%d packets a second are sampled 1-in-%d", (packets, sampling) => {
  expect(samplingFor(packets)).toBe(sampling);
});

test("makes a valid configuration", () => {
  const interfaces = [
    { name: "lo", sampling: 1 },
    { name: "eth0", sampling: 10 },
  ];
  const text = demoConfiguration({ port: 40_000, polling: 5, limit: 100, interfaces });
  const { configuration, problems } = readConfiguration(text, modules);
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(configuration?.sflow.polling).toBe(5);
  expect(configuration?.blocks.get("collector")).toMatchObject([{ ip: "127.0.0.1", udpport: 40_000 }]);
  expect(configuration?.blocks.get("pcap")).toMatchObject([
    { dev: "lo", sampling: 1 },
    { dev: "eth0", sampling: 10 },
  ]);
});

test("the first lines say what is sampled, or why nothing is sampled", () => {
  const interfaces = [
    { name: "lo", sampling: 1 },
    { name: "eth1", sampling: 1 },
    { name: "eth0", sampling: 10 },
  ];
  const about = { polling: 5, limit: 100, obstacle: undefined, once: false };
  expect(greeting({ ...about, packets: interfaces })[1]).toBe(
    "Counters every 5 s. Packets: every packet of lo, eth1; 1 in 10 of eth0; fewer above 100 a second.",
  );
  expect(greeting({ ...about, packets: "/tmp/a.pcap" })[1]).toBe("Counters every 5 s. Packets: /tmp/a.pcap.");
  expect(greeting({ ...about, packets: [], obstacle: "sampling needs root" })[1]).toBe(
    "Counters every 5 s. No packets: sampling needs root.",
  );
});

test("the last lines count what was received and what was lost, and have a configuration", () => {
  const tally = Object.assign(new Tally(), { datagrams: 1, samples: 2100, sampledPackets: 2000, packets: 960_000 });
  expect(farewell(tally)[1]).toBe("1 datagram with 2,100 samples. 2,000 packet samples of 960 k packets; none lost.");
  expect(farewell(Object.assign(tally, { lost: 1 }))[1]).toContain("; 1 sample lost.");
  const text = farewell(tally).slice(3).join("\n").replace("ADDRESS", "192.0.2.1");
  expect(readConfiguration(text, modules).problems).toEqual([]);
});
