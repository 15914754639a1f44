// Operations on containers of a real engine, and the samples that a collector then gets.

import { describe, expect } from "vitest";
import { until } from "./command.ts";
import { course, uuidOf } from "./container-samples.ts";
import { runContainer, type Watched } from "./docker-agent.ts";
import type { DockerEngine } from "./docker-engine.ts";
import { test } from "./docker-fixture.ts";

const RUNNING = 1;
const PAUSED = 3;
const ENDED = 4;
const TCP = "tcp://127.0.0.1:2375";

let engine: DockerEngine;
let watched: Watched;

test.beforeAll(async ({ startEngine, watchEngine }) => {
  engine = await startEngine("-H", TCP, "--tls=false");
  watched = await watchEngine(engine, { polling: 1, flags: ["-d"] });
});

const states = (id: string) => watched.samples(id).map(({ state }) => state);
const ended = (id: string) => watched.sample(id, "a last sample", ({ state }) => state === ENDED);

/** Waits for a sample after the latest: the container is polled, and therefore runs. */
async function livesOn(id: string): Promise<void> {
  const last = watched.samples(id).at(-1)?.sequence ?? 0;
  await watched.sample(id, "a further sample", ({ sequence, state }) => sequence > last && state !== ENDED);
}

describe("a container", () => {
  test("reports its name, UUID, parent and adapters", async () => {
    const container = await runContainer(engine, { name: "identity" });
    const { NetworkSettings } = await container.inspect();
    const sample = await watched.sample(container.id, "a first sample", () => true);
    expect(sample).toMatchObject({ hostname: "identity", uuid: uuidOf(container.id), parent: "2:1", sequence: 1 });
    expect(sample.source).toMatch(/^3:1\d{5}$/);
    expect(sample.adapters?.map(({ mac }) => mac)).toEqual([NetworkSettings.MacAddress.replaceAll(":", "")]);
    const port = sample.adapters?.[0]?.ifIndex ?? 0;
    const ports = engine.host.run("ip", "-o", "link", "show", "master", "docker0");
    expect(ports).toMatch(new RegExp(`^${port}: veth`, "m"));
    await container.remove({ force: true });
  });

  test("pauses and goes on", async () => {
    const container = await runContainer(engine);
    await container.pause();
    await watched.sample(container.id, "a pause", ({ state }) => state === PAUSED);
    await livesOn(container.id);
    await container.unpause();
    const last = watched.samples(container.id).at(-1)?.sequence ?? 0;
    await watched.sample(container.id, "its end", ({ sequence, state }) => sequence > last && state === RUNNING);
    expect(states(container.id)).not.toContain(ENDED);
    await container.remove({ force: true });
  });

  test("changes its name", async () => {
    const container = await runContainer(engine, { name: "before" });
    await container.rename({ name: "after" });
    const sample = await watched.sample(container.id, "its new name", ({ hostname }) => hostname === "after");
    expect(watched.samples(container.id)[0]).toMatchObject({ hostname: "before", source: sample.source });
    await container.remove({ force: true });
  });

  test("keeps its data source over a restart, and starts its sequence again", async () => {
    const container = await runContainer(engine);
    await container.restart({ t: 0 });
    await ended(container.id);
    const again = await watched.sample(container.id, "a second life", ({ sequence }) => sequence === 1);
    await until("a second first sample", () => {
      const firsts = watched.samples(container.id).filter(({ sequence }) => sequence === 1);
      return firsts.length === 2 && new Set(firsts.map(({ source }) => source)).size === 1;
    });
    expect(again.source).toMatch(/^3:/);
    expect(states(container.id).filter((state) => state === ENDED)).toHaveLength(1);
    await container.remove({ force: true });
  });

  test("runs out of memory", async () => {
    const limit = 16 << 20;
    // Where the whole container ends at once, the engine, with cgroups v2, does not always report why.
    const container = await runContainer(engine, {
      command: "sh -c 'dd if=/dev/zero of=/dev/null bs=64M count=1; code=$?; sleep 0.5; exit $code'",
      host: { Memory: limit, MemorySwap: limit },
    });
    await container.wait();
    const last = await ended(container.id);
    expect(last.maxMemory).toBe(limit);
    expect((await container.inspect()).State.ExitCode).toBe(137);
    expect(course(watched.samples(container.id))).toEqual([RUNNING, ENDED]);
    await watched.agent.says(new RegExp(`${(await container.inspect()).Name.slice(1)}: out of memory`));
    expect(watched.agent.counters("docker")["outOfMemory"]).toBe(1);
    await container.remove({ force: true });
  });

  test("ends with its own exit code", async () => {
    const container = await runContainer(engine, { name: "failing", command: "sh -c 'sleep 0.2; exit 3'" });
    await container.wait();
    await ended(container.id);
    await watched.agent.says(/failing: ended with exit code 3/);
    expect(course(watched.samples(container.id))).toEqual([RUNNING, ENDED]);
    await container.remove({ force: true });
  });

  test("goes on after a signal that does not end it", async () => {
    const container = await runContainer(engine, { command: "sh -c 'trap : HUP; while :; do sleep 0.1; done'" });
    await watched.sample(container.id, "a first sample", () => true);
    await container.kill({ signal: "HUP" });
    await livesOn(container.id);
    expect(states(container.id)).not.toContain(ENDED);
    await container.remove({ force: true });
  });

  test("is connected to another network, and disconnected; its traffic never decreases", async () => {
    const container = await runContainer(engine);
    const network = await engine.docker.createNetwork({ Name: "second" });
    await network.connect({ Container: container.id });
    const { Networks } = (await container.inspect()).NetworkSettings;
    const macs = Object.values(Networks).map(({ MacAddress }) => MacAddress.replaceAll(":", ""));
    // An interface that was polled before the engine had set its address has another one then.
    const two = await watched.sample(
      container.id,
      `the adapters ${macs}`,
      ({ adapters }) => adapters?.length === 2 && adapters.every(({ mac }) => macs.includes(mac)),
    );
    expect(new Set(two.adapters?.map(({ ifIndex }) => ifIndex)).size).toBe(2);
    await network.disconnect({ Container: container.id });
    await watched.sample(
      container.id,
      "one adapter again",
      ({ sequence, adapters }) => sequence > two.sequence && adapters?.length === 1,
    );
    const bytes = watched.samples(container.id).map(({ traffic }) => traffic?.[0] ?? -1);
    expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));
    await container.remove({ force: true });
    await network.remove();
  });

  test("in the host's network has no traffic of its own; without a network it has none", async () => {
    const [inHost, without] = await Promise.all(
      ["host", "none"].map((NetworkMode) => runContainer(engine, { host: { NetworkMode } })),
    );
    const first = await watched.sample(inHost?.id ?? "", "a first sample", () => true);
    expect(first).toMatchObject({ traffic: undefined, adapters: undefined });
    const second = await watched.sample(without?.id ?? "", "a first sample", () => true);
    expect(second).toMatchObject({ traffic: [0, 0, 0, 0], adapters: [] });
    await Promise.all([inHost, without].map((container) => container?.remove({ force: true })));
  });

  test("that shares the network of another reports the same traffic", async () => {
    const owner = await runContainer(engine);
    const guest = await runContainer(engine, { host: { NetworkMode: `container:${owner.id}` } });
    const sample = await watched.sample(guest.id, "a first sample", () => true);
    expect(sample.adapters).toEqual(watched.samples(owner.id)[0]?.adapters);
    await guest.remove({ force: true });
    await ended(guest.id);
    await livesOn(owner.id);
    await owner.remove({ force: true });
  });

  test("may share the processes of the host", async () => {
    const container = await runContainer(engine, { host: { PidMode: "host" } });
    await livesOn(container.id);
    await container.remove({ force: true });
    await ended(container.id);
    expect(states(container.id).filter((state) => state === ENDED)).toHaveLength(1);
  });

  test("may be in a control group that the operator chose", async () => {
    const container = await runContainer(engine, { host: { CgroupParent: "/hsflowd-test" } });
    const sample = await watched.sample(container.id, "a first sample", () => true);
    expect(sample.cpuTime).toBeLessThan(10_000);
    expect(sample.memory).toBeGreaterThan(0);
    await container.remove({ force: true });
    await ended(container.id);
  });

  test("lives as long as its first process, whatever commands run inside", async () => {
    const container = await runContainer(engine);
    const command = await container.exec({ Cmd: ["sleep", "0.1"] });
    await command.start({ Detach: true });
    await livesOn(container.id);
    await container.remove({ force: true });
    await ended(container.id);
  });
});

describe("names", () => {
  test("that are equal after truncation are made unique", async () => {
    const long = "n".repeat(64);
    const both = await Promise.all(["1", "2"].map((digit) => runContainer(engine, { name: `${long}${digit}` })));
    for (const { id } of both) {
      const expected = `${"n".repeat(51)}.${id.slice(0, 12)}`;
      await watched.sample(id, expected, ({ hostname }) => hostname === expected);
    }
    await both[1]?.remove({ force: true });
    await watched.sample(both[0]?.id ?? "", "the name alone", ({ hostname }) => hostname === long);
    await both[0]?.remove({ force: true });
  });

  test("are host names where the option asks for them", async ({ watchEngine }) => {
    const other = await watchEngine(engine, { options: "hostname = on" });
    const container = await runContainer(engine, { name: "named", Hostname: "hosted" });
    const sample = await other.sample(container.id, "a first sample", () => true);
    expect(sample.hostname).toBe("hosted");
    await container.remove({ force: true });
    await other.sample(container.id, "a last sample", ({ state }) => state === ENDED);
    expect(new Set(other.samples(container.id).map(({ hostname }) => hostname))).toEqual(new Set(["hosted"]));
    await other.stop();
  });
});

test("an engine behind a TCP socket is followed as well", async ({ watchEngine }) => {
  const other = await watchEngine({ ...engine, address: TCP });
  const container = await runContainer(engine, { command: "sleep 0.3" });
  await other.sample(container.id, "a last sample", ({ state }) => state === ENDED);
  expect(course(other.samples(container.id))).toEqual([RUNNING, ENDED]);
  await container.remove({ force: true });
  await other.stop();
});

test("the host's own sample counts the running containers", async () => {
  const containers = await Promise.all([1, 2, 3].map(() => runContainer(engine)));
  const domains = () =>
    watched.receiver
      .datagrams()
      .flatMap(({ counters }) => counters)
      .findLast(({ source, records }) => source === "2:1" && records.has(2100))
      ?.records.get(2100)
      ?.readUInt32BE(24);
  await until("three containers", () => domains() === 3);
  await Promise.all(containers.map((container) => container.remove({ force: true })));
  await until("none", () => domains() === 0);
});
