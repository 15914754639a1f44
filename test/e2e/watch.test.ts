// Watches of the addon on a real kernel: ends of processes, a thousand sockets, and how a process with a watch ends.

import { spawn } from "node:child_process";
import { describe, expect, test } from "vitest";
import { inetAddress } from "../../agent/sockets/socket-address.ts";
import { AF_INET, SOCK_DGRAM } from "../../agent/sockets/socket-constants.ts";
import { makeReceiveBatch } from "../../native-shim/batch.ts";
import { loadShim } from "../../native-shim/load.ts";
import { sleep, tryRun, until } from "./command.ts";

const shim = loadShim();
const batch = makeReceiveBatch(shim.layout, 64, 128);
const LOOPBACK = Uint8Array.of(127, 0, 0, 1);

describe("watches", () => {
  test("report the end of a process", async () => {
    const child = spawn("sleep", ["60"]);
    const fd = shim.pidfd(child.pid ?? 0);
    const ended = new Promise<void>((resolve) => {
      const watch = shim.watch(fd, () => {
        watch.close();
        resolve();
      });
    });
    expect(await Promise.race([ended, sleep(50).then(() => "running")])).toBe("running");
    child.kill();
    await ended;
    shim.close(fd);
    await until("the child is buried", () => child.signalCode !== null);
    expect(() => shim.pidfd(child.pid ?? 0)).toThrow(/ESRCH/);
  });

  test("of a thousand sockets each report their own", async () => {
    const heard = new Map<number, number>();
    const sockets = Array.from({ length: 1000 }, () => {
      const fd = shim.socket(AF_INET, SOCK_DGRAM, 0);
      shim.bind(fd, inetAddress(LOOPBACK, 0));
      shim.watch(fd, () => heard.set(fd, (heard.get(fd) ?? 0) + shim.receive(fd, batch)));
      return fd;
    });
    const from = shim.socket(AF_INET, SOCK_DGRAM, 0);
    for (const [i, fd] of sockets.entries()) {
      const bytes = new Uint8Array(1 + (i % 3));
      for (let n = 0; n <= i % 3; n++)
        shim.send(from, bytes, Uint32Array.of(0), Uint32Array.of(1), 0, 1, shim.name(fd));
    }
    await until("all datagrams", () => [...heard.values()].reduce((sum, count) => sum + count, 0) === 1999);
    expect(sockets.every((fd, i) => heard.get(fd) === 1 + (i % 3))).toBe(true);
    for (const fd of [...sockets, from]) shim.close(fd);
  });

  test("call 4 ms apart for an unread socket", async () => {
    const fd = shim.socket(AF_INET, SOCK_DGRAM, 0);
    shim.bind(fd, inetAddress(LOOPBACK, 0));
    let calls = 0;
    const watch = shim.watch(fd, () => {
      calls++;
    });
    shim.send(fd, new Uint8Array(1), Uint32Array.of(0), Uint32Array.of(1), 0, 1, shim.name(fd));
    const begin = performance.now();
    await sleep(200);
    watch.close();
    expect(calls).toBeGreaterThan(5);
    expect(calls).toBeLessThanOrEqual((performance.now() - begin) / 4 + 1);
    shim.close(fd);
  });
});

describe("processes", () => {
  const end = (how: string) =>
    tryRun(process.execPath, "test/e2e/shim-process.mjs", how, `${process.cwd()}/native-shim/build/shim.node`);

  test("end with a watch open, which does not keep them alive", () => {
    expect(end("idle")).toMatchObject({ status: 0, stderr: "" });
  });

  test("end with the stack of an exception in a callback", () => {
    const { status, stderr } = end("throw");
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/Error: from the callback\n +at .*shim-process/);
  });

  test("may exit inside a callback", () => {
    expect(end("exit")).toMatchObject({ status: 7, stderr: "" });
  });

  test("survive threads with watches that start and end", () => {
    expect(end("worker")).toMatchObject({ status: 0, stdout: "done\n", stderr: "" });
  });
});
