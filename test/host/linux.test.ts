// The host of a real machine, also with files below another root.

import { expect, test } from "vitest";
import { makeLinuxHost } from "../../agent/host/linux.ts";

test("uname reads the files of the kernel below the root", () => {
  const host = makeLinuxHost();
  expect(host.uname().system).toBe("Linux");
  expect(host.uname().name).toBe(host.files.read("/proc/sys/kernel/hostname")?.trim());
  expect(makeLinuxHost("/nothing").uname().name).not.toBe("");
});

test("uptime is that of /proc/uptime", () => {
  const host = makeLinuxHost();
  const seconds = Number.parseFloat(host.files.read("/proc/uptime") ?? "");
  expect(Math.abs(host.clock.uptime() / 1000 - seconds)).toBeLessThan(2);
});

test("resolves a name, and rejects an unknown one", async () => {
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

test("loads the addon for the first socket", () => {
  const host = makeLinuxHost();
  expect(host.sockets.layout.slotWords).toBeGreaterThan(0);
  expect(host.sockets).toBe(host.sockets);
});
