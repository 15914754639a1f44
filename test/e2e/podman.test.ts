// docker { } with a real Podman, whose events, names, states and control groups differ slightly from Docker's.

import { expect } from "vitest";
import { distinct, lookInside, seen } from "./container-packets.ts";
import { course, spread, uuidOf } from "./container-samples.ts";
import { runContainer, type Watched } from "./docker-agent.ts";
import { IMAGE, inParallel, loopsPerMillisecond } from "./docker-engine.ts";
import { test } from "./docker-fixture.ts";
import { makePodmanEngine, type PodmanEngine } from "./podman-engine.ts";

const RUNNING = 1;
const PAUSED = 3;
const ENDED = 4;
const SHORT = 8;
const SHORT_MS = 50;

let engine: PodmanEngine;
let watched: Watched;

test.beforeAll(async ({ atEnd, folder, lab, watchEngine }) => {
  engine = await makePodmanEngine(lab, folder.path);
  atEnd(engine.remove);
  const blocks = "pcap { dev = podman0 promisc = on sampling = 1 }";
  watched = await watchEngine(engine, { polling: 1, options: "markTraffic = on", blocks });
}, 60_000);

const states = (id: string) => watched.samples(id).map(({ state }) => state);
const ended = (id: string) => watched.sample(id, "a last sample", ({ state }) => state === ENDED);
const look = async (container: Awaited<ReturnType<typeof runContainer>>) =>
  lookInside(container.id, (await container.inspect()).State.Pid);

test("a container reports its identity, its state changes and its end", async () => {
  const container = await runContainer(engine, { name: "before" });
  const sample = await watched.sample(container.id, "a first sample", () => true);
  expect(sample).toMatchObject({ hostname: "before", uuid: uuidOf(container.id), parent: "2:1", sequence: 1 });
  expect(sample.memory).toBeGreaterThan(0);
  await container.pause();
  await watched.sample(container.id, "a pause", ({ state }) => state === PAUSED);
  await container.unpause();
  await container.rename({ name: "after" });
  await watched.sample(container.id, "its new name", ({ hostname }) => hostname === "after");
  engine.run("network", "create", "--disable-dns", "second");
  engine.run("network", "connect", "second", "after");
  const two = await watched.sample(container.id, "a second adapter", ({ adapters }) => adapters?.length === 2);
  expect(new Set(two.adapters?.map(({ ifIndex }) => ifIndex)).size).toBe(2);
  await container.stop({ t: 0 });
  await ended(container.id);
  expect(states(container.id).filter((state) => state === ENDED)).toHaveLength(1);
});

test("packets have the right entities of containers whose interfaces have the same index", async () => {
  const [first, second] = [await runContainer(engine), await runContainer(engine)];
  const [one, two] = [await look(first), await look(second)];
  expect(one.index).toBe(two.index);
  const [a, b] = [
    await watched.sample(one.id, "its port", () => true),
    await watched.sample(two.id, "its port", () => true),
  ];
  expect([a, b].map(({ adapters }) => adapters)).toEqual([one, two].map(({ port, mac }) => [{ ifIndex: port, mac }]));
  one.run("ping", "-c", "2", "-i", "0.2", two.address);
  const there = () =>
    watched.receiver
      .datagrams()
      .flatMap(({ flows }) => flows.map(seen))
      .filter(({ from, to }) => from === one.mac && to === two.mac);
  await watched.receiver.until("two packets", () => there().length >= 2);
  expect(distinct(there().map(({ ports }) => ports))).toEqual([[one.port, two.port]]);
  expect(distinct(there().map(({ entities }) => entities))).toEqual([[a.source, b.source]]);
  await Promise.all([first, second].map((container) => container.remove({ force: true })));
});

/** Podman reports a start up to a quarter of a second late, where its events are kept in a file. */
test("the final processor time is what a container measured itself", async () => {
  const usage = "cat /sys/fs/cgroup/cpuacct/cpuacct.usage 2>/dev/null || cat /sys/fs/cgroup/cpu.stat";
  const loops = Math.round(loopsPerMillisecond() * SHORT_MS);
  const work = `sleep 0.5; i=0; while [ $i -lt ${loops} ]; do i=$((i+1)); done; ${usage}`;
  const ratios: number[] = [];
  await inParallel(4, [...Array(SHORT).keys()], async () => {
    const HostConfig = { NetworkMode: "none" };
    const container = await engine.docker.createContainer({ Image: IMAGE, Cmd: ["sh", "-c", work], HostConfig });
    await container.start();
    await container.wait();
    const last = await ended(container.id);
    const log = (await container.logs({ stdout: true })).toString();
    const own = /usage_usec (\d+)/.exec(log)?.[1] ?? `${Number(/(\d+)\s*$/.exec(log)?.[1]) / 1000}`;
    ratios.push(last.cpuTime / (Number(own) / 1000));
    expect(course(watched.samples(container.id))).toEqual([RUNNING, ENDED]);
  });
  const { text } = spread(ratios, 3);
  process.stdout.write(`    final processor time by own measure: min ${Math.min(...ratios).toFixed(3)}, ${text}\n`);
  expect(ratios.filter((ratio) => ratio > 0.8 && ratio < 1.2)).toHaveLength(SHORT);
});

test("containers that run while the service is down are reported when it is back", async () => {
  const lasting = await runContainer(engine);
  await watched.sample(lasting.id, "a first sample", () => true);
  await engine.kill();
  const id = engine.run("run", "--detach", "--network=none", IMAGE, "true").trim();
  const last = watched.samples(lasting.id).at(-1)?.sequence ?? 0;
  await watched.sample(lasting.id, "a sample meanwhile", ({ sequence }) => sequence > last);
  expect(states(id)).toEqual([]);
  await engine.start();
  await ended(id);
  expect(states(id)).toEqual([RUNNING, ENDED]);
  await lasting.remove({ force: true });
  await ended(lasting.id);
  expect(states(lasting.id).filter((state) => state === ENDED)).toHaveLength(1);
});
