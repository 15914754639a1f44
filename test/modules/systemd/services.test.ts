// What signals, lists and the ends of processes do to services: a first sample, a last one, and none missed.

import { beforeEach, describe, expect, it } from "vitest";
import { dead, type FakeWorld, lives, makeWorld, running, settle } from "./world.ts";

const A = "a.service";
const [RUN, END] = [1, 4];

let world: FakeWorld;
let counted: number | undefined;

beforeEach(() => {
  world = makeWorld();
  counted = undefined;
  world.services.setBus({ cpuTime: async () => counted });
});

describe("a service with systemd", () => {
  it("is sampled when it has a process, and with its final counters when it is inactive", async () => {
    world.run(A, 7, 10);
    world.services.onState(running(A));
    world.services.onState(running(A));
    world.use(A, 50);
    world.exit(A, 7);
    expect(lives(world)).toEqual([[A, RUN, 10]]);
    world.remove(A);
    world.services.onState(dead(A));
    world.services.onState(dead(A));
    await settle();
    expect(lives(world)).toEqual([
      [A, RUN, 10],
      [A, END, 50],
    ]);
    expect(world.services.counters).toMatchObject({ started: 1, ended: 1, missed: 0, found: 0 });
    expect(world.host.sockets.open.filter(({ domain }) => domain === 0)).toEqual([]);
  });

  it("has the processor time that systemd counted where the group was gone too soon", async () => {
    world.run(A, 7, 10);
    world.services.onState(running(A));
    world.remove(A);
    counted = 77;
    world.services.onState(dead(A));
    await settle();
    expect(lives(world).at(-1)).toEqual([A, END, 77]);
  });

  it("is read when it is about to end, as its group may be gone before its end is noticed", async () => {
    world.run(A, 7, 10);
    world.services.onState(running(A));
    world.use(A, 60);
    world.services.onState(running(A, { active: "deactivating", sub: "stop-sigterm" }));
    world.remove(A);
    world.services.onState(dead(A));
    await settle();
    expect(lives(world)).toEqual([
      [A, RUN, 10],
      [A, END, 60],
    ]);
  });

  it("is not over between two processes", async () => {
    world.run(A, 7, 10);
    world.services.onState(running(A, { active: "activating", sub: "start" }));
    world.exit(A, 7);
    world.run(A, 8, 20);
    world.services.onState(running(A, { active: "activating", sub: "start", pid: 8 }));
    world.use(A, 30);
    world.exit(A, 8);
    world.services.onState(dead(A));
    await settle();
    expect(lives(world)).toEqual([
      [A, RUN, 10],
      [A, END, 30],
    ]);
  });

  it("goes on when its main process ends before the others", async () => {
    world.run(A, 7, 10);
    world.run(A, 8, 10);
    world.services.onState(running(A));
    world.exit(A, 7);
    expect(world.services.watched).toEqual(new Set([A]));
    world.exit(A, 8);
    expect(world.services.watched).toEqual(new Set());
  });

  it("that is started again is another run under the same number", async () => {
    world.run(A, 7, 10);
    world.services.onState(running(A));
    world.exit(A, 7);
    world.services.onState(running(A, { active: "activating", sub: "auto-restart", pid: 0 }));
    world.remove(A);
    world.run(A, 8, 1);
    world.services.onState(running(A, { pid: 8, invocation: "bb" }));
    await settle();
    expect(lives(world)).toEqual([
      [A, RUN, 10],
      [A, END, 10],
      [A, RUN, 1],
    ]);
    expect(new Set(world.samples.map(({ source }) => source)).size).toBe(1);
  });

  it("that was started again between two signals is two runs", async () => {
    world.run(A, 7, 10);
    world.services.onState(running(A));
    world.exit(A, 7);
    world.remove(A);
    world.run(A, 8, 1);
    world.services.onState(running(A, { pid: 8, invocation: "bb" }));
    await settle();
    expect(lives(world)).toEqual([
      [A, RUN, 10],
      [A, END, 10],
      [A, RUN, 1],
    ]);
  });

  it("that began and ended between two signals is reported once, with what systemd counted", async () => {
    counted = 5;
    world.services.onState(dead(A));
    world.services.onState(dead(A));
    await settle();
    expect(lives(world)).toEqual([
      [A, RUN, undefined],
      [A, END, 5],
    ]);
    expect(world.services.counters).toMatchObject({ started: 1, ended: 1, missed: 1, unread: 1 });
  });

  it("begins with its process, which systemd reports while the unit is still inactive", async () => {
    world.run(A, 8, 1);
    world.services.onState(dead(A, { pid: 8, startedAt: 0 }));
    world.services.onState(running(A, { pid: 8, active: "activating", sub: "start" }));
    await settle();
    expect(lives(world)).toEqual([[A, RUN, 1]]);
    expect(world.services.counters).toMatchObject({ started: 1, missed: 0 });
  });

  it("of which every signal comes too late is reported all the same", async () => {
    counted = 3;
    world.services.onState(dead(A, { pid: 8, startedAt: 0 }));
    world.services.onState(running(A, { pid: 8, active: "activating", sub: "start" }));
    world.services.onState(dead(A));
    world.services.onState(dead(A));
    await settle();
    expect(lives(world)).toEqual([
      [A, RUN, undefined],
      [A, END, 3],
    ]);
  });

  it("that ended before the agent began, or never ran, is not reported", async () => {
    world.services.onState(dead(A, { startedAt: 1 }));
    world.services.onState(dead(A, { invocation: "" }));
    await settle();
    expect(world.samples).toEqual([]);
  });

  it("in the list is found where it has processes, and ends where a later list lacks it", async () => {
    world.run(A, 7, 10);
    world.services.onFound({ unit: A, path: "/system.slice/a.service", pid: 7, invocation: "aa" });
    world.services.onFound({ unit: "b.service", path: "/system.slice/b.service", pid: 0, invocation: "bb" });
    world.services.onState(running(A));
    const now = world.host.clock.uptime();
    world.services.onAll(new Set([A]), now + 1);
    world.services.onAll(new Set(), now);
    expect(lives(world)).toEqual([[A, RUN, 10]]);
    world.services.onAll(new Set(), now + 1);
    await settle();
    expect(lives(world).at(-1)).toEqual([A, END, 10]);
    expect(world.services.counters).toMatchObject({ started: 1, ended: 1, found: 1 });
  });

  it("of which all processes are in groups below is watched there", () => {
    world.run("inner.service", 7, 3, "/g/system.slice/user@0.service/app.slice");
    world.run("user@0.service", 0, 10);
    world.host.files.over["/g/system.slice/user@0.service/app.slice/cgroup.procs"] = "";
    world.services.onFound({ unit: "user@0.service", path: "/system.slice/user@0.service", pid: 0, invocation: "" });
    expect(lives(world)).toEqual([["user@0.service", RUN, 10]]);
    expect(world.services.watched).toEqual(new Set(["user@0.service"]));
  });

  it("stops without a sample when the agent does, except for one that has ended", async () => {
    world.run(A, 7, 10);
    world.run("b.service", 8, 20);
    world.services.onState(running(A));
    world.services.onState(running("b.service", { pid: 8 }));
    world.services.onState(dead("b.service"));
    world.services.stop();
    await settle();
    expect(lives(world)).toEqual([
      [A, RUN, 10],
      ["b.service", RUN, 20],
      ["b.service", END, 20],
    ]);
    expect(world.services.running).toBe(0);
  });
});

describe("a service without systemd", () => {
  beforeEach(() => world.services.setBus(undefined));

  it("ends with its last process", () => {
    world.run(A, 7, 10);
    world.services.onFound({ unit: A, path: "/system.slice/a.service", pid: 0, invocation: "" });
    world.use(A, 12);
    world.exit(A, 7);
    expect(lives(world)).toEqual([
      [A, RUN, 10],
      [A, END, 12],
    ]);
  });

  it("keeps its run when systemd is there again and names it", async () => {
    world.run(A, 7, 10);
    world.services.onFound({ unit: A, path: "/system.slice/a.service", pid: 0, invocation: "" });
    world.services.setBus({ cpuTime: async () => undefined });
    world.services.onState(running(A));
    world.services.onState(running(A));
    world.services.onState(dead(A));
    world.services.onState(dead(A));
    await settle();
    expect(lives(world).map((life) => (life as unknown[])[1])).toEqual([RUN, END]);
  });
});
