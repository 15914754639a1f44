// First and last samples of containers, as events, lists and ends of processes arrive.

import { describe, expect, it } from "vitest";
import { MEMORY } from "./kernel.ts";
import { A, begun, id, lives, makeWorld, running } from "./world.ts";

const B = id("b");

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

  it("is no longer sampled after the block is removed from the file", () => {
    const world = begun();
    world.containers.stop();
    expect(world.withdrawn).toEqual([world.samples[0]?.source]);
    expect(world.removed).toEqual([]);
  });

  it("ends at the engine's die event if the kernel has no pidfds", () => {
    const world = begun({ pidfd: false });
    const process = world.processes.get(A);
    if (process !== undefined) process.alive = false;
    world.event("die", A);
    expect(lives(world)).toEqual([
      [1, 10],
      [4, 10],
    ]);
  });

  it("that ended before its start event was read is sampled twice with the remaining counters", () => {
    const world = begun({ alive: false, cpu: 7 });
    world.event("die", A);
    expect(lives(world)).toEqual([
      [1, 7],
      [4, 7],
    ]);
    expect(world.containers.counters).toMatchObject({ blinks: 1, missed: 0 });
  });

  it("whose cgroup is not in the usual place is found by the process that inspect reports", async () => {
    const world = begun({ group: false });
    expect(world.samples).toEqual([]);
    await world.settle();
    expect(lives(world)).toEqual([[1, 10]]);
    world.exit(A);
    expect(world.samples).toHaveLength(2);
  });

  it("of which neither process nor cgroup is left is reported without counters", async () => {
    const world = begun({ group: false, alive: false, pid: 0 });
    await world.settle();
    expect(lives(world)).toEqual([
      [1, undefined],
      [4, undefined],
    ]);
    expect(world.containers.counters).toMatchObject({ unread: 1, ended: 1 });
    expect(world.said).toEqual([`${A}: no cgroup found, so the container is reported without counters`]);
  });

  it("that was removed before its inspect is reported with the name in its start event", async () => {
    const world = begun({ group: false, alive: false, pid: 0 });
    world.facts.delete(A);
    await world.settle();
    expect(world.samples).toMatchObject([
      { hostname: "web", state: 1 },
      { hostname: "web", state: 4 },
    ]);
    expect(world.containers.counters).toMatchObject({ blinks: 1, inspectFailed: 0 });
  });

  it("is sampled at once at pause, unpause and rename, but not at a signal", () => {
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

  it("that ran out of memory is counted, whether the event comes before or after its end", () => {
    const world = begun();
    world.event("oom", A, { name: "web" });
    world.exit(A);
    world.event("oom", A, { name: "web" });
    expect(world.containers.counters).toMatchObject({ outOfMemory: 2 });
    expect(world.said).toEqual(["web: out of memory", "web: out of memory"]);
  });

  it("is sampled with the limits of its last update", async () => {
    const world = begun();
    await world.settle();
    const process = world.processes.get(A);
    if (process !== undefined) process.limit = 4096;
    world.event("update", A);
    await world.settle();
    world.event("network connect", A);
    expect(world.samples.map(({ maxMemory }) => maxMemory)).toEqual([MEMORY, 4096]);
  });

  it("gets a unique name if another container has the same", () => {
    const world = begun();
    world.processes.set(B, running());
    world.event("start", B, { name: "web" });
    expect(world.samples.map(({ hostname }) => hostname)).toEqual(["web", `web.${B.slice(0, 12)}`]);
    expect(new Set(world.samples.map(({ source }) => source)).size).toBe(2);
  });

  it("has its hostname from the first sample on if that is configured", async () => {
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

  it("keeps its data source after a restart", () => {
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
