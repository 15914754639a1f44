// The interfaces that the demo samples, their sampling rates, and the configuration of its agent.

import { expect, test } from "vitest";
import { demoConfiguration } from "../../../agent/commands/demo/configuration.ts";
import { greeting } from "../../../agent/commands/demo/greeting.ts";
import { interfacesToSample, samplingFor } from "../../../agent/commands/demo/interfaces.ts";
import { modules } from "../../../agent/modules/index.ts";
import { readConfiguration } from "../../../agent/run/configuration.ts";

const tree: Readonly<Record<string, string>> = {
  "/sys/class/net/lo/flags": "0x9\n",
  "/sys/class/net/eth0/flags": "0x1003\n",
  "/sys/class/net/eth1/flags": "0x1002\n",
  "/sys/class/net/docker0/flags": "0x1003\n",
  "/sys/class/net/veth1/flags": "0x1003\n",
  "/sys/class/net/veth1/master": "",
  "/sys/class/net/od{d/flags": "0x1003\n",
};
const files = {
  list: () => ["docker0", "eth0", "eth1", "lo", "od{d", "veth1"],
  read: (path: string) => tree[path],
  exists: (path: string) => path in tree,
};
const host = { files } as unknown as Parameters<typeof interfacesToSample>[0];

test("samples interfaces that are up, except ports of a bridge and interfaces whose name needs quotes", () => {
  expect(interfacesToSample(host)).toEqual(["docker0", "eth0", "lo"]);
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
  const text = demoConfiguration({ port: 40_000, polling: 5, interfaces });
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
  expect(greeting(interfaces, 5, undefined)[1]).toBe(
    "Counters every 5 s. Packets: every packet of lo, eth1; 1 in 10 of eth0.",
  );
  expect(greeting("/tmp/a.pcap", 5, undefined)[1]).toBe("Counters every 5 s. Packets: /tmp/a.pcap.");
  expect(greeting([], 5, "sampling needs root")[1]).toBe("Counters every 5 s. No packets: sampling needs root.");
});
