// What events, lists and ends do to containers: first samples, last ones, and nothing live that is ever dropped.

import { describe, expect, it } from "vitest";
import { id, makeWorld, running } from "./world.ts";

const A = id("a");
const B = id("b");
const listed = (container: string, state = "running") => ({ id: container, name: "web", state });

function begun(more: Parameters<typeof running>[0] = {}) {
  const world = makeWorld();
  world.processes.set(A, running(more));
  world.facts.set(A, { name: "web" });
  world.event("start", A, { name: "web" });
  return world;
}

const lives = (world: ReturnType<typeof makeWorld>) => world.samples.map(({ state, cpuTime }) => [state, cpuTime]);

describe("a container", () => {
  it("is sampled at its start and at its end, and then no more", () => {
    const world = begun();
    expect(world.samples).toMatchObject([{ hostname: "web", state: 1, cpuTime: 10 }]);
    expect(world.containers.running).toBe(1);
    const process = world.processes.get(A);
    if (process !== undefined) process.cpu = 50;
    world.exit(A);
    world.event("die", A, { exitCode: 0 });
    expect(lives(world)).toEqual([
      [1, 10],
      [4, 50],
    ]);
    expect(world.removed).toEqual([world.samples[0]?.source]);
    expect(world.containers.running).toBe(0);
    expect(world.containers.counters).toMatchObject({ started: 1, ended: 1, missed: 0, blinks: 0 });
  });

  it("leaves nothing behind that would be sampled when the block is taken away", () => {
    const world = begun();
    world.containers.stop();
    expect(world.withdrawn).toEqual([world.samples[0]?.source]);
    expect(world.removed).toEqual([]);
  });

  it("ends by the engine's word where the kernel has no pidfds", () => {
    const world = begun({ pidfd: false });
    const process = world.processes.get(A);
    if (process !== undefined) process.alive = false;
    world.event("die", A);
    expect(lives(world)).toEqual([
      [1, 10],
      [4, 10],
    ]);
  });

  it("that had ended before its start was read gives the counters that are left, twice", () => {
    const world = begun({ alive: false, cpu: 7 });
    world.event("die", A);
    expect(lives(world)).toEqual([
      [1, 7],
      [4, 7],
    ]);
    expect(world.containers.counters).toMatchObject({ blinks: 1, missed: 0 });
  });

  it("without a control group is found by the process that the engine names", async () => {
    const world = begun({ group: false });
    expect(world.samples).toEqual([]);
    await world.settle();
    expect(lives(world)).toEqual([[1, 10]]);
    world.exit(A);
    expect(world.samples).toHaveLength(2);
  });

  it("of which nothing is left is reported all the same", async () => {
    const world = begun({ group: false, alive: false, pid: 0 });
    await world.settle();
    expect(lives(world)).toEqual([
      [1, undefined],
      [4, undefined],
    ]);
    expect(world.containers.counters).toMatchObject({ unread: 1, ended: 1 });
  });

  it("tells pause, unpause and rename at once, and no signal", () => {
    const world = begun();
    for (const action of ["pause", "pause", "kill", "unpause", "resize"]) world.event(action, A);
    world.event("rename", A, { name: "api" });
    expect(world.samples.map(({ state, hostname }) => [state, hostname])).toEqual([
      [1, "web"],
      [3, "web"],
      [1, "web"],
      [1, "api"],
    ]);
    expect(world.containers.running).toBe(1);
  });

  it("has the limits of its last update", async () => {
    const world = begun();
    await world.settle();
    const process = world.processes.get(A);
    if (process !== undefined) process.limit = 4096;
    world.event("update", A);
    await world.settle();
    world.event("network connect", A);
    expect(world.samples.map(({ maxMemory }) => maxMemory)).toEqual([1e9, 4096]);
  });

  it("shares its name with no other", () => {
    const world = begun();
    world.processes.set(B, running());
    world.event("start", B, { name: "web" });
    expect(world.samples.map(({ hostname }) => hostname)).toEqual(["web", `web.${B.slice(0, 12)}`]);
    expect(new Set(world.samples.map(({ source }) => source)).size).toBe(2);
  });

  it("is called by its hostname where that is wanted, first sample included", async () => {
    const world = makeWorld({ useHostname: true });
    world.processes.set(A, running());
    world.facts.set(A, { name: "web", hostname: "web-1" });
    world.event("start", A, { name: "web" });
    expect(world.samples).toEqual([]);
    await world.settle();
    world.event("rename", A, { name: "api" });
    world.exit(A);
    expect(world.samples.map(({ hostname }) => hostname)).toEqual(["web-1", "web-1"]);
  });

  it("keeps its number over a restart", () => {
    const world = begun();
    world.exit(A);
    world.event("die", A);
    world.now += 5;
    world.processes.set(A, running({ pid: 43, cpu: 1 }));
    world.event("start", A, { name: "web" });
    expect(lives(world)).toEqual([
      [1, 10],
      [4, 10],
      [1, 1],
    ]);
    expect(new Set(world.samples.map(({ source }) => source)).size).toBe(1);
  });
});

describe("the engine's words late, twice or never", () => {
  it("a list and its events name one container once", () => {
    const world = begun();
    world.containers.onList([listed(A)], world.now);
    world.event("start", A);
    expect(world.samples).toHaveLength(1);
    expect(world.containers.counters).toMatchObject({ started: 1, found: 0 });
  });

  it("a container in the list only is found", () => {
    const world = makeWorld();
    world.processes.set(A, running());
    world.containers.onList([listed(A, "paused")], world.now);
    expect(world.samples).toMatchObject([{ hostname: "web", state: 3 }]);
    expect(world.containers.counters).toMatchObject({ started: 1, found: 1 });
  });

  it("a list that still has what has ended brings nothing back", async () => {
    const world = begun();
    const asked = world.now;
    world.exit(A);
    world.containers.onList([listed(A)], asked);
    world.containers.onList([listed(A)], world.now + 10);
    world.event("start", A, { time: world.now / 1000 - 1 });
    await world.settle();
    world.event("die", A);
    world.event("die", A);
    expect(world.samples).toHaveLength(2);
    expect(world.containers.running).toBe(0);
    expect(world.containers.counters.missed).toBe(0);
  });

  it("a list without a watched container does not end it", () => {
    const world = begun();
    world.containers.onList([], world.now + 100);
    expect(world.containers.running).toBe(1);
  });

  it("a list without one that nobody watches ends it, unless it began after the question", () => {
    const world = begun({ pidfd: false });
    world.containers.onList([], world.now - 1);
    expect(world.containers.running).toBe(1);
    world.containers.onList([], world.now + 1);
    expect(world.containers.running).toBe(0);
  });

  it("the end of the run before does not end the one that runs", () => {
    const world = begun();
    world.event("die", A, { time: world.now / 1000 - 1 });
    expect(world.containers.running).toBe(1);
  });

  it("an end without a beginning is reported", async () => {
    const world = makeWorld();
    world.facts.set(A, { name: "gone", pid: 0, state: "exited" });
    world.event("die", A, { name: "gone" });
    await world.settle();
    expect(world.samples.map(({ hostname, state }) => [hostname, state])).toEqual([
      ["gone", 1],
      ["gone", 4],
    ]);
    expect(world.containers.counters).toMatchObject({ missed: 1, ended: 1 });
    world.event("die", A, { name: "gone" });
    world.event("start", A, { time: world.now / 1000 - 1 });
    await world.settle();
    expect(world.samples).toHaveLength(2);
  });

  it("an inspect that fails leaves the container, and is asked again with the next list", async () => {
    const world = makeWorld();
    world.processes.set(A, running({ group: false }));
    world.facts.set(A, new Error("hung up"));
    world.event("start", A, { name: "web" });
    await world.settle();
    expect(world.containers.running).toBe(1);
    expect(world.samples).toEqual([]);
    world.facts.set(A, { name: "web" });
    world.containers.onList([listed(A)], world.now);
    await world.settle();
    expect(lives(world)).toEqual([[1, 10]]);
    expect(world.containers.counters).toMatchObject({ inspectFailed: 1, ended: 0 });
  });

  it("a container that ends while it is inspected ends once", async () => {
    const world = begun();
    world.exit(A);
    await world.settle();
    expect(world.samples).toHaveLength(2);
  });

  it("stopping says nothing", () => {
    const world = begun();
    world.containers.stop();
    expect(world.samples).toHaveLength(1);
  });
});
