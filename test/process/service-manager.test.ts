// What a service manager hears, on a real socket of its kind. sd_notify(3)

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeServiceManager, statusLine } from "../../agent/process/service-manager.ts";
import type { AgentStatus } from "../../agent/report/agent-status.ts";
import { unixAddress } from "../../agent/sockets/socket-address.ts";
import { AF_UNIX, SOCK_DGRAM } from "../../agent/sockets/socket-constants.ts";
import { makeReceiveBatch, messageBytes } from "../../native-shim/batch.ts";
import { loadShim } from "../../native-shim/load.ts";
import { makeFakeHost } from "../fakes/host.ts";

const sockets = loadShim();
let folder: string;
let fd: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "notify-test-"));
  fd = sockets.socket(AF_UNIX, SOCK_DGRAM, 0);
  sockets.bind(fd, unixAddress(join(folder, "notify")));
});

afterEach(() => {
  sockets.close(fd);
  rmSync(folder, { recursive: true });
});

function heard(): string[] {
  const { layout } = sockets;
  const batch = makeReceiveBatch(layout, 16, 1024);
  return Array.from({ length: sockets.receive(fd, batch) }, (_, i) =>
    new TextDecoder().decode(messageBytes(layout, batch, i)),
  );
}

function makeBed(env: Readonly<Record<string, string>> = { NOTIFY_SOCKET: join(folder, "notify") }) {
  const host = { ...makeFakeHost({ env }), sockets };
  return { host, manager: makeServiceManager(host) };
}

const counters = { flowSamples: 3, counterSamples: 1, datagrams: 2 };
const status = {
  agentAddress: { address: "192.0.2.1" },
  suppressed: false,
  counters,
  modules: [{ name: "collector", counters: {}, report: { collectors: [{}] } }],
} as unknown as AgentStatus;
const LINE = "STATUS=192.0.2.1: 2 datagrams to 1 collector; 3 packet samples, 1 counter sample";

it("says that the agent is ready, lives as often as it is asked to, and ends", () => {
  const { host, manager } = makeBed({ NOTIFY_SOCKET: join(folder, "notify"), WATCHDOG_USEC: "30000000" });
  manager.ready(() => status);
  expect(heard()).toEqual([`READY=1\n${LINE}`]);
  host.clock.advance(14.9);
  expect(heard()).toEqual([]);
  host.clock.advance(15.2);
  expect(heard()).toEqual([`WATCHDOG=1\n${LINE}`, `WATCHDOG=1\n${LINE}`]);
  manager.stopping();
  expect(heard()).toEqual([expect.stringMatching(/^STOPPING=1\n/)]);
});

it("says that it reloads until it has, whatever comes of it", async () => {
  const { manager } = makeBed();
  let resolve: (text: string) => void = () => undefined;
  const promise = new Promise<string>((done) => {
    resolve = done;
  });
  const reloading = manager.reloading(() => promise);
  expect(heard()).toEqual(["RELOADING=1"]);
  resolve("done");
  expect(await reloading).toBe("done");
  expect(heard()).toEqual(["READY=1"]);
  await expect(manager.reloading(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(heard()).toEqual(["RELOADING=1", "READY=1"]);
});

it("says nothing without a manager, and no sign of life that is another process's", async () => {
  const { manager } = makeBed({});
  manager.ready(() => status);
  expect(await manager.reloading(() => Promise.resolve(1))).toBe(1);
  expect(heard()).toEqual([]);
  const other = makeBed({ NOTIFY_SOCKET: join(folder, "notify"), WATCHDOG_USEC: "1000", WATCHDOG_PID: "1" });
  other.manager.ready(() => status);
  other.host.clock.advance(1);
  expect(heard()).toHaveLength(1);
});

it("survives a manager that has gone", () => {
  const { manager } = makeBed({ NOTIFY_SOCKET: join(folder, "gone") });
  manager.ready(() => status);
});

it("says why nothing is sent", () => {
  expect(statusLine({ ...status, agentAddress: undefined })).toContain("explain agent");
  expect(statusLine({ ...status, suppressed: true })).toContain("doctor");
});
