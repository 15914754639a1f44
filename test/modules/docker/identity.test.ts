// Which run of a container continues the sequence numbers of an earlier agent process.

import { describe, expect, it } from "vitest";
import { A, id, lives, makeWorld, running } from "./world.ts";

const listed = (container: string, state = "running") => ({ id: container, name: "web", state });

describe("sequence numbers of an earlier agent process", () => {
  it("are dropped if the container has ended meanwhile", async () => {
    const known = (container: string, index: number) => ({
      source: { class: 3, index },
      subject: `${container.slice(0, 32)} 77`,
    });
    const others = [2, 0].map((kind) => ({ source: { class: kind, index: 1 }, subject: "" }));
    const world = makeWorld({ numbered: [known(A, 100_001), known(id("b"), 100_002), ...others] });
    world.processes.set(A, running());
    world.event("start", A, { name: "web" });
    expect(world.removed).toEqual([]);
    await world.containers.onList({ containers: [listed(A)], cut: false }, world.now);
    await world.containers.onList({ containers: [listed(A)], cut: false }, world.now);
    expect(world.samples).toMatchObject([{ source: "3:100001" }]);
    expect(world.removed).toEqual(["3:100002"]);
  });

  it("are kept until inspect has reported the process of each container", async () => {
    const subject = `${A.slice(0, 32)} 77`;
    const world = makeWorld({ numbered: [{ source: { class: 3, index: 100_001 }, subject }] });
    world.processes.set(A, running({ group: false }));
    world.facts.set(A, new Error("hung up"));
    await world.containers.onList({ containers: [listed(A)], cut: false }, world.now);
    await world.settle();
    expect([world.samples, world.removed]).toEqual([[], []]);
    world.facts.set(A, { name: "web" });
    world.pass();
    await world.settle();
    expect(world.samples).toMatchObject([{ source: "3:100001", subject: `${A.slice(0, 32)} 4242` }]);
    expect(world.removed).toEqual([]);
  });

  it("belong to the run that the engine names, if none of its processes is visible", async () => {
    const world = makeWorld();
    world.facts.set(A, { name: "web", pid: 4711, startedAt: 1_767_225_600.5 });
    world.foreign.add(4711);
    await world.containers.onList({ containers: [listed(A)], cut: false }, world.now);
    await world.settle();
    expect(world.samples).toMatchObject([{ state: 1, cpuTime: undefined, subject: `${A.slice(0, 32)} 1767225600500` }]);
    world.event("die", A);
    expect(lives(world)).toEqual([
      [1, undefined],
      [4, undefined],
    ]);
    expect(world.containers.counters).toMatchObject({ unread: 1, ended: 1, missed: 0 });
  });
});
