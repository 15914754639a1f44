// Events, lists and answers that are late, repeated or missing. Each run of a container is reported exactly once, with
// a first and a last sample.

import { describe, expect, it } from "vitest";
import { A, begun, type FakeWorld, id, lives, makeWorld, running } from "./world.ts";

const listed = (container: string, state = "running") => ({ id: container, name: "web", state });

describe("events and lists that are late, repeated or missing", () => {
  it("report a container once if both the list and an event name it", async () => {
    const world = begun();
    await world.containers.onList({ containers: [listed(A)], cut: false }, world.now);
    world.event("start", A);
    expect(world.samples).toHaveLength(1);
    expect(world.containers.counters).toMatchObject({ started: 1, found: 0 });
  });

  it("count a container that only the list has as found", async () => {
    const world = makeWorld();
    world.processes.set(A, running());
    await world.containers.onList({ containers: [listed(A, "paused")], cut: false }, world.now);
    expect(world.samples).toMatchObject([{ hostname: "web", state: 3 }]);
    expect(world.containers.counters).toMatchObject({ started: 1, found: 1 });
  });

  it("do not bring a container back that has ended but is still in a list", async () => {
    const world = begun();
    const asked = world.now;
    world.exit(A);
    await world.containers.onList({ containers: [listed(A)], cut: false }, asked);
    await world.containers.onList({ containers: [listed(A)], cut: false }, world.now + 10);
    world.event("start", A, { time: world.now / 1000 - 1 });
    await world.settle();
    world.event("die", A);
    world.event("die", A);
    expect(world.samples).toHaveLength(2);
    expect(world.containers.running).toBe(0);
    expect(world.containers.counters.missed).toBe(0);
  });

  it("do not end a watched container that is missing in a list", async () => {
    const world = begun();
    await world.containers.onList({ containers: [], cut: false }, world.now + 100);
    expect(world.containers.running).toBe(1);
  });

  it("end an unwatched container that is missing in a list, unless it started after the request", async () => {
    const world = begun({ pidfd: false });
    await world.containers.onList({ containers: [], cut: false }, world.now - 1);
    expect(world.containers.running).toBe(1);
    await world.containers.onList({ containers: [], cut: false }, world.now + 1);
    expect(world.containers.running).toBe(0);
  });

  it("do not end the present run of a container by the die event of an earlier run", () => {
    const world = begun();
    world.event("die", A, { time: world.now / 1000 - 1 });
    expect(world.containers.running).toBe(1);
  });

  it("report a container whose die event comes without a start event", async () => {
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

  it("report an exited container once if its events were lost, and none that runs or was reported", async () => {
    const world = begun();
    const facts = (container: string, startedAt: number) => ({
      ...{ id: container, name: "gone", hostname: "gone", pid: 0, state: "exited", cpus: undefined },
      startedAt,
    });
    const time = world.now / 1000;
    const untold = facts(id("b"), time);
    world.facts.set(untold.id, untold);
    await world.containers.onEnded([facts(A, time), untold]);
    await world.settle();
    expect(world.containers.running).toBe(1);
    world.now += 50;
    world.exit(A);
    await world.containers.onEnded([facts(A, time), untold]);
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

  it("send both samples before the inspect if start and die come together", async () => {
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

  it("report a run once if its start and die are repeated together", async () => {
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
    [
      "with the next list",
      (world: FakeWorld) => world.containers.onList({ containers: [listed(A)], cut: false }, world.now),
    ],
  ])("keep a container whose inspect fails, and repeat the inspect %s", async (_, again) => {
    const world = makeWorld();
    world.processes.set(A, running({ group: false }));
    world.facts.set(A, new Error("hung up"));
    world.event("start", A, { name: "web" });
    await world.settle();
    expect(world.containers.running).toBe(1);
    expect(world.samples).toEqual([]);
    world.facts.set(A, { name: "web" });
    await again(world);
    await world.settle();
    expect(lives(world)).toEqual([[1, 10]]);
    expect(world.containers.counters).toMatchObject({ inspectFailed: 1, ended: 0 });
    expect(world.waiting.size).toBe(0);
    expect(world.said).toEqual([`${A}: inspect failed: hung up`]);
  });

  it("end a container once if it ends during its inspect", async () => {
    const world = begun();
    world.exit(A);
    await world.settle();
    expect(world.samples).toHaveLength(2);
  });

  it("do not repeat a failed inspect for a container that has ended", async () => {
    const world = makeWorld();
    world.processes.set(A, running());
    world.facts.set(A, new Error("hung up"));
    world.event("start", A, { name: "web" });
    await world.settle();
    expect(world.waiting.size).toBe(1);
    world.exit(A);
    expect(world.waiting.size).toBe(0);
  });

  it("count a container as missed if its start event was held up until it had ended", async () => {
    const world = makeWorld();
    world.now += 60_000;
    world.event("start", A, { name: "gone", time: world.now / 1000 - 3 });
    world.event("die", A, { name: "gone", time: world.now / 1000 - 2.9 });
    world.event("start", id("b"), { name: "short", time: world.now / 1000 - 1 });
    await world.settle();
    expect(world.samples.map(({ hostname }) => hostname)).toEqual(["gone", "gone", "short", "short"]);
    expect(world.containers.counters).toMatchObject({ missed: 1, blinks: 2, ended: 2 });
  });

  it("report the start of a container that only a list has", async () => {
    const world = makeWorld();
    world.processes.set(A, running());
    world.facts.set(A, { name: "web", startedAt: 1.5 });
    world.processes.set(id("b"), running({ pid: 43 }));
    world.facts.set(id("b"), { name: "api", startedAt: 1.6 });
    world.event("start", id("b"), { name: "api" });
    await world.containers.onList({ containers: [listed(A), listed(id("b"))], cut: false }, world.now);
    await world.settle();
    expect(world.unannounced).toEqual([1.5]);
  });

  it("do not end containers that are missing in a list that was cut", async () => {
    const world = begun({ pidfd: false });
    await world.containers.onList({ containers: [], cut: true }, world.now + 1);
    expect(world.containers.running).toBe(1);
  });

  it.each([
    ["an answer", { name: "web" }],
    ["a failure", new Error("hung up")],
  ])("send no sample at a stop, and ignore %s that comes afterwards", async (_, facts) => {
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
