// The conversation with systemd over a real bus: what it says of units, and what becomes of questions that it does not
// answer.

import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openBus, type SystemdBus } from "../../../agent/modules/systemd/bus.ts";
import type { UnitState } from "../../../agent/modules/systemd/unit-state.ts";
import { eventually } from "./eventually.ts";
import { type FakeSystemd, startSystemd, stopped } from "./fake-systemd.ts";

let systemd: FakeSystemd;
let bus: SystemdBus;
let states: UnitState[];
let reloads: number;

beforeEach(async () => {
  systemd = await startSystemd();
  states = [];
  reloads = 0;
  systemd.units.set("ssh.service", { ...stopped(), active: "active", sub: "running", pid: 7, invocation: "ab" });
  await systemd.restart();
  bus = await openBus(systemd.address, { onState: (state) => states.push(state), onReload: () => reloads++ });
});

afterEach(async () => {
  bus.close();
  await systemd.stop();
});

describe("the bus", () => {
  it("lists services that are not inactive, and describes one", async () => {
    systemd.units.set("old.service", stopped());
    const listed = await bus.list();
    expect(listed).toEqual([{ unit: "ssh.service", active: "active", sub: "running" }]);
    const [first] = listed;
    const state = first && (await bus.describe(first));
    expect(state).toMatchObject({ pid: 7, invocation: "ab".repeat(16), active: "active", sub: "running" });
    expect(systemd.asked).toContain("Subscribe");
  });

  it("reports each change of a service once, complete", async () => {
    const started = { active: "activating", sub: "start", pid: 9, invocation: "cd", startedAt: 1000 };
    systemd.change("one-shot@1.service", started);
    systemd.change("dev-sda.device", { active: "active" });
    systemd.change("one-shot@1.service", { active: "inactive", sub: "dead", pid: 0 });
    await eventually(() => expect(states).toHaveLength(2));
    expect(states).toEqual([
      { unit: "one-shot@1.service", ...started, invocation: "cd".repeat(16) },
      { unit: "one-shot@1.service", ...started, active: "inactive", sub: "dead", pid: 0, invocation: "cd".repeat(16) },
    ]);
  });

  it("tells processor time in milliseconds and the group, and neither where systemd has none", async () => {
    systemd.change("ssh.service", { cpu: 1_234_567_890n, groupId: 4711n });
    expect(await bus.cpuTime("ssh.service")).toBe(1234);
    expect(await bus.groupId("ssh.service")).toBe(4711);
    systemd.change("new.service");
    expect(await bus.cpuTime("new.service")).toBeUndefined();
    expect(await bus.groupId("new.service")).toBeUndefined();
    expect(await bus.cpuTime("unknown.service")).toBeUndefined();
  });

  it("tells when systemd has read its files again", async () => {
    systemd.reloaded();
    await eventually(() => expect(reloads).toBe(1));
  });

  it("ends with the connection, and answers what is still asked", async () => {
    await systemd.restart();
    await bus.ended;
    expect(await bus.cpuTime("ssh.service")).toBeUndefined();
    await expect(bus.list()).rejects.toThrow();
  });

  it("ends when systemd gives up its name", async () => {
    await systemd.leave();
    await bus.ended;
  });
});

it("a bus that is not there is an error by name", async () => {
  const nothing = { onState: () => undefined, onReload: () => undefined };
  await expect(openBus("unix:path=/nowhere/bus", nothing)).rejects.toMatchObject({ code: "ENOENT" });
});

it("a bus that answers nothing is an error in time", async () => {
  const silent = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      const line = bytes.toString("latin1");
      if (line.includes("AUTH")) socket.write("OK 1234deadbeef\r\n");
      else if (line.includes("NEGOTIATE")) socket.write("AGREE_UNIX_FD\r\n");
    });
  });
  const folder = mkdtempSync(join(tmpdir(), "hsflowd-bus-"));
  const path = join(folder, "bus");
  await new Promise<void>((resolve) => silent.listen(path, resolve));
  const nothing = { onState: () => undefined, onReload: () => undefined };
  await expect(openBus(`unix:path=${path}`, nothing, 100)).rejects.toThrow(/No reply within 100ms/);
  silent.close();
  rmSync(folder, { recursive: true });
});
