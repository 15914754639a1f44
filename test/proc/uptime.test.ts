// /proc/uptime.

import { expect, it } from "vitest";
import { parseUptime } from "../../agent/proc/uptime.ts";

it("reads years of seconds exactly", () => {
  expect(parseUptime("43200000.17 99999999.00\n")).toBe(43200000.17);
});

it("returns undefined for another format", () => {
  expect(parseUptime("")).toBe(undefined);
  expect(parseUptime("up")).toBe(undefined);
});
