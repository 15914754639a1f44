// The engine's words late, twice or never: each container is told once, from its beginning to its end.

import { describe, expect, it } from "vitest";
import { A, begun, type FakeWorld, id, lives, makeWorld, running } from "./world.ts";

const listed = (container: string, state = "running") => ({ id: container, name: "web", state });

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

  it("what ended untold is reported, once, and what was told or runs is not", async () => {
    const world = begun();
    const facts = (container: string, startedAt: number) => ({
      ...{ id: container, name: "gone", hostname: "gone", pid: 0, state: "exited", cpus: undefined },
      startedAt,
    });
    const time = world.now / 1000;
    const untold = facts(id("b"), time);
    world.facts.set(untold.id, untold);
    world.containers.onEnded([facts(A, time), untold]);
    await world.settle();
    expect(world.containers.running).toBe(1);
    world.now += 50;
    world.exit(A);
    world.containers.onEnded([facts(A, time), untold]);
    world.event("start", untold.id, { name: "gone", time });
    await world.settle();
    expect(world.samples.map(({ hostname, state }) => [hostname, state])).toEqual([
      ["web", 1],
      ["gone", 1],
      ["gone", 4],
      ["web", 4],
    ]);
    expect(world.containers.counters).toMatchObject({ started: 2, ended: 2, missed: 1 });
  });

  it("a beginning and an end that come together give both samples, before the engine is asked", async () => {
    const world = makeWorld();
    world.facts.set(A, { name: "gone", pid: 0, state: "exited" });
    world.event("start", A, { name: "gone" });
    world.event("die", A, { name: "gone" });
    await world.settle();
    expect(world.samples.map(({ hostname, state }) => [hostname, state])).toEqual([
      ["gone", 1],
      ["gone", 4],
    ]);
    expect(world.containers.counters).toMatchObject({ started: 1, ended: 1, blinks: 1, missed: 0 });
  });

  it("a beginning and an end that are repeated together are told once", async () => {
    const world = begun();
    const time = world.now / 1000;
    world.now += 50;
    world.exit(A);
    world.processes.delete(A);
    world.event("die", A);
    world.event("start", A, { time });
    world.event("die", A);
    await world.settle();
    expect(world.samples).toHaveLength(2);
    expect(world.containers.counters).toMatchObject({ started: 1, ended: 1, blinks: 0, missed: 0 });
    expect(world.containers.running).toBe(0);
  });

  it.each([
    ["after a while", (world: FakeWorld) => world.pass()],
    ["with the next list", (world: FakeWorld) => world.containers.onList([listed(A)], world.now)],
  ])("an inspect that fails leaves the container, and is asked again %s", async (_, again) => {
    const world = makeWorld();
    world.processes.set(A, running({ group: false }));
    world.facts.set(A, new Error("hung up"));
    world.event("start", A, { name: "web" });
    await world.settle();
    expect(world.containers.running).toBe(1);
    expect(world.samples).toEqual([]);
    world.facts.set(A, { name: "web" });
    again(world);
    await world.settle();
    expect(lives(world)).toEqual([[1, 10]]);
    expect(world.containers.counters).toMatchObject({ inspectFailed: 1, ended: 0 });
    expect(world.waiting.size).toBe(0);
    expect(world.said).toEqual([`${A}: cannot be inspected: hung up`]);
  });

  it("a container that ends while it is inspected ends once", async () => {
    const world = begun();
    world.exit(A);
    await world.settle();
    expect(world.samples).toHaveLength(2);
  });

  it("numbers of an agent before this one are given up where the container has ended meanwhile", () => {
    const known = (container: string, index: number) => ({
      source: { class: 3, index },
      subject: `${container.slice(0, 32)} 77`,
    });
    const others = [2, 0].map((kind) => ({ source: { class: kind, index: 1 }, subject: "" }));
    const world = makeWorld({ numbered: [known(A, 100_001), known(id("b"), 100_002), ...others] });
    world.processes.set(A, running());
    world.event("start", A, { name: "web" });
    expect(world.removed).toEqual([]);
    world.containers.onList([listed(A)], world.now);
    world.containers.onList([listed(A)], world.now);
    expect(world.samples).toMatchObject([{ source: "3:100001" }]);
    expect(world.removed).toEqual(["3:100002"]);
  });

  it("an inspect that fails is not asked again for a container that has ended", async () => {
    const world = makeWorld();
    world.processes.set(A, running());
    world.facts.set(A, new Error("hung up"));
    world.event("start", A, { name: "web" });
    await world.settle();
    expect(world.waiting.size).toBe(1);
    world.exit(A);
    expect(world.waiting.size).toBe(0);
  });

  it.each([
    ["an answer", { name: "web" }],
    ["a failure", new Error("hung up")],
  ])("stopping says nothing, and %s that comes afterwards is passed over", async (_, facts) => {
    const world = makeWorld({ useHostname: true });
    world.processes.set(A, running());
    world.facts.set(A, facts);
    world.event("start", A);
    world.containers.stop();
    await world.settle();
    expect(world.samples).toEqual([]);
    expect(world.waiting.size).toBe(0);
  });
});
