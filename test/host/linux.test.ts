// The real host: this machine, and one whose files lie elsewhere.

import { expect, test } from "vitest";
import { makeLinuxHost } from "../../agent/host/linux.ts";

test("uname follows the kernel, below the root", () => {
  const host = makeLinuxHost();
  expect(host.uname().system).toBe("Linux");
  expect(host.uname().name).toBe(host.files.read("/proc/sys/kernel/hostname")?.trim());
  expect(makeLinuxHost("/nothing").uname().name).not.toBe("");
});

test("up-time is that of /proc/uptime", () => {
  const host = makeLinuxHost();
  const seconds = Number.parseFloat(host.files.read("/proc/uptime") ?? "");
  expect(Math.abs(host.clock.uptime() / 1000 - seconds)).toBeLessThan(2);
});

test("names are resolved, and a name that is none is rejected", async () => {
  const host = makeLinuxHost();
  expect(await host.resolve("127.0.0.1")).toEqual(["127.0.0.1"]);
  expect(await host.resolve("localhost")).toContain("127.0.0.1");
  await expect(host.resolve("no-such-name.invalid")).rejects.toThrow(/no-such-name.invalid/);
});

test("random numbers stay below their bound and reach both ends", () => {
  const { random } = makeLinuxHost();
  const seen = new Set(Array.from({ length: 1000 }, () => random(4)));
  expect([...seen].sort()).toEqual([0, 1, 2, 3]);
  expect(random(1)).toBe(0);
});

test("the addon is loaded when a socket is wanted", () => {
  const host = makeLinuxHost();
  expect(host.sockets.layout.slotWords).toBeGreaterThan(0);
  expect(host.sockets).toBe(host.sockets);
});
