// Packets of containers of a real engine: ports and entities of every sample compared with the veth pairs that `ip`
// shows.

import { beforeAll, describe, expect } from "vitest";
import { run } from "./command.ts";
import { distinct, hostLink, lookInside, type Plugged, type Seen, seen } from "./container-packets.ts";
import { sfacctdPorts, tcpdump, tshark } from "./decoders.ts";
import { runContainer, type Watched } from "./docker-agent.ts";
import type { DockerEngine } from "./docker-engine.ts";
import { test } from "./docker-fixture.ts";

const INTERNAL = 0x3fffffff;
const GATEWAY = "172.17.0.1";
const SERVER_PORT = 7000;

let engine: DockerEngine;
let watched: Watched;
let containers: readonly Plugged[];

/** Starts a container that the engine connects to docker0. */
async function plugged(): Promise<Plugged> {
  const container = await runContainer(engine, { command: `nc -ll -p ${SERVER_PORT} -e cat` });
  return lookInside(container.id, (await container.inspect()).State.Pid);
}

/**
 * Starts a container that is connected by hand. Both ends have the index asked for, which is also that of another
 * container's interface and of another interface of the host.
 */
async function pluggedByHand(address: string, name: string, index: number): Promise<Plugged> {
  const container = await runContainer(engine, { host: { NetworkMode: "none" } });
  const pid = (await container.inspect()).State.Pid;
  const peer = ["peer", "name", "eth0", "index", `${index}`, "netns", `${pid}`];
  engine.host.run("ip", "link", "add", name, "type", "veth", ...peer);
  engine.host.run("ip", "link", "set", name, "master", "docker0", "up");
  run("nsenter", `--target=${pid}`, "--net", "ip", "link", "set", "eth0", "up");
  run("nsenter", `--target=${pid}`, "--net", "ip", "address", "add", `${address}/16`, "dev", "eth0");
  return lookInside(container.id, pid);
}

test.beforeAll(async ({ startEngine, watchEngine }) => {
  engine = await startEngine();
  const first = await plugged();
  const { index } = hostLink(engine.host, "docker0");
  containers = [
    first,
    await plugged(),
    await pluggedByHand("172.17.9.1", "hand1", index),
    await pluggedByHand("172.17.9.2", "hand2", index),
  ];
  watched = await watchEngine(engine, {
    options: "markTraffic = on",
    polling: 1,
    blocks: `pcap { dev = docker0 promisc = on sampling = 1 } pcap { dev = ${hostLink(engine.host, first.port).name} sampling = 1 }`,
  });
  for (const { id } of containers) await watched.sample(id, "a first sample", () => true);
}, 60_000);

const flows = () => watched.receiver.datagrams().flatMap(({ flows: all }) => all.map(seen));
const sourceOf = ({ id }: Plugged) => watched.samples(id)[0]?.source ?? "";
const tapOf = (name: string) => `0:${hostLink(engine.host, name).index}`;

/** Waits until `count` packets from `from` to `to` were sampled at `tap`, and returns them. */
async function packets(tap: string, from: string, to: string, count: number): Promise<Seen[]> {
  const these = () => flows().filter((flow) => flow.tap === tap && flow.from === from && flow.to === to);
  await watched.receiver.until(`${count} packets from ${from} to ${to} at ${tap}`, () => these().length >= count);
  return these();
}

describe("a packet sampled at docker0", () => {
  test("from one container to another has both entities", async () => {
    const [one, two] = containers as [Plugged, Plugged];
    one.run("ping", "-c", "3", "-i", "0.2", two.address);
    for (const [a, b] of [
      [one, two],
      [two, one],
    ] as const) {
      const there = await packets(tapOf("docker0"), a.mac, b.mac, 3);
      expect(distinct(there.map(({ ports }) => ports))).toEqual([[a.port, b.port]]);
      expect(distinct(there.map(({ entities }) => entities))).toEqual([[sourceOf(a), sourceOf(b)]]);
    }
  });

  test("between containers whose veth pairs have the same index has the right entities", async () => {
    const [, , one, two] = containers as [Plugged, Plugged, Plugged, Plugged];
    expect(one.port).not.toBe(two.port);
    one.run("ping", "-c", "3", "-i", "0.2", two.address);
    for (const [a, b] of [
      [one, two],
      [two, one],
    ] as const) {
      const there = await packets(tapOf("docker0"), a.mac, b.mac, 3);
      expect(distinct(there.map(({ ports }) => ports))).toEqual([[a.port, b.port]]);
      expect(distinct(there.map(({ entities }) => entities))).toEqual([[sourceOf(a), sourceOf(b)]]);
    }
  });

  test("between the host and a container has the container's entity", async () => {
    const [one] = containers as [Plugged];
    const bridge = hostLink(engine.host, "docker0").mac;
    const talk = `printf '%s' ${"x".repeat(1000)} | nc -w 1 ${one.address} ${SERVER_PORT}`;
    expect(engine.host.run("busybox", "sh", "-c", talk)).toHaveLength(1000);
    one.run("ping", "-c", "1", GATEWAY);
    const into = await packets(tapOf("docker0"), bridge, one.mac, 5);
    expect(distinct(into.map(({ ports }) => ports))).toEqual([[INTERNAL, one.port]]);
    expect(distinct(into.map(({ entities }) => entities))).toEqual([["0:0", sourceOf(one)]]);
    const out = await packets(tapOf("docker0"), one.mac, bridge, 5);
    expect(distinct(out.map(({ ports }) => ports))).toEqual([[one.port, INTERNAL]]);
    expect(distinct(out.map(({ entities }) => entities))).toEqual([[sourceOf(one), "0:0"]]);
  });

  test("has ports whose counters are polled", async () => {
    const ports = containers.map(({ port }) => `0:${port}`);
    await watched.receiver.until("counters of the ports", (datagrams) => {
      const polled = new Set(datagrams.flatMap(({ counters }) => counters.map(({ source }) => source)));
      return ports.every((port) => polled.has(port));
    });
  });
});

test("a packet sampled at a veth has the entity of the other container, too", async () => {
  const [one, two] = containers as [Plugged, Plugged];
  one.run("ping", "-c", "2", "-i", "0.2", two.address);
  for (const [a, b] of [
    [one, two],
    [two, one],
  ] as const) {
    const there = await packets(`0:${one.port}`, a.mac, b.mac, 2);
    expect(distinct(there.map(({ ports }) => ports))).toEqual([[a.port, b.port]]);
  }
});

describe("other decoders", () => {
  const flowsOf = () => watched.receiver.datagrams().map(({ flows: all }) => all);
  beforeAll(() => watched.agent.stop());

  test("find no fault in the samples", () => {
    const { invalid, flowSamples } = tcpdump(watched.receiver.pcap);
    expect(invalid).toEqual([]);
    expect(flowSamples).toBe(flowsOf().flat().length);
  });

  test("sfacctd counts packets by the same ports", () => {
    const expected = new Map<string, number>();
    for (const flow of flowsOf().flat()) {
      const { ports, etherType } = seen(flow);
      const key = ports.join(" > ");
      if (etherType === "0800") expected.set(key, (expected.get(key) ?? 0) + 1);
    }
    expect(sfacctdPorts(watched.receiver.pcap)).toEqual({ packets: expected, warnings: [] });
  });

  /** tshark decodes no record beyond 1012, and loses its position after two of them. */
  test("tshark shows the ports of the first sample of a datagram", () => {
    const ports = ["input", "output"].map((way) => `sflow.flow_sample.${way}_interface_value`);
    const rows = tshark(watched.receiver.pcap, ["frame.number", ...ports], "udp");
    const shown = new Map(rows.map(([frame, ...values]) => [Number(frame), values.map(([first]) => Number(first))]));
    for (const [i, datagram] of watched.receiver.datagrams().entries()) {
      const [first] = datagram.flows;
      if (first === undefined || datagram.counters.length > 0) continue;
      expect(shown.get(i + 1)).toEqual([first.input, first.output]);
    }
  });
});
