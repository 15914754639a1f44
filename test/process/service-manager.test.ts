// Notifications, as a service manager receives them on a real socket. See sd_notify(3).

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

function notifications(): string[] {
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

it("reports that the agent is ready, alive at the watchdog interval, and stopping", () => {
  const { host, manager } = makeBed({ NOTIFY_SOCKET: join(folder, "notify"), WATCHDOG_USEC: "30000000" });
  manager.ready(() => status);
  expect(notifications()).toEqual([`READY=1\n${LINE}`]);
  host.clock.advance(14.9);
  expect(notifications()).toEqual([]);
  host.clock.advance(15.2);
  expect(notifications()).toEqual([`WATCHDOG=1\n${LINE}`, `WATCHDOG=1\n${LINE}`]);
  manager.stopping();
  expect(notifications()).toEqual([expect.stringMatching(/^STOPPING=1\n/)]);
});

it("reports a reload until it has ended, even if it failed", async () => {
  const { manager } = makeBed();
  let resolve: (text: string) => void = () => undefined;
  const promise = new Promise<string>((done) => {
    resolve = done;
  });
  const reloading = manager.reloading(() => promise);
  expect(notifications()).toEqual(["RELOADING=1"]);
  resolve("done");
  expect(await reloading).toBe("done");
  expect(notifications()).toEqual(["READY=1"]);
  await expect(manager.reloading(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(notifications()).toEqual(["RELOADING=1", "READY=1"]);
});

it("sends nothing without a service manager, and no watchdog message if the timeout is for another process", async () => {
  const { manager } = makeBed({});
  manager.ready(() => status);
  expect(await manager.reloading(() => Promise.resolve(1))).toBe(1);
  expect(notifications()).toEqual([]);
  const other = makeBed({ NOTIFY_SOCKET: join(folder, "notify"), WATCHDOG_USEC: "1000", WATCHDOG_PID: "1" });
  other.manager.ready(() => status);
  other.host.clock.advance(1);
  expect(notifications()).toHaveLength(1);
});

it("ignores that the service manager closed its socket", () => {
  const { manager } = makeBed({ NOTIFY_SOCKET: join(folder, "gone") });
  manager.ready(() => status);
});

it("shows in the status line why nothing is sent", () => {
  expect(statusLine({ ...status, agentAddress: undefined })).toContain("explain agent");
  expect(statusLine({ ...status, suppressed: true })).toContain("doctor");
});
