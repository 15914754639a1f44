// /proc/uptime.

import { expect, it } from "vitest";
import { parseUptime } from "../../agent/proc/uptime.ts";

it("keeps the seconds of years exactly", () => {
  expect(parseUptime("43200000.17 99999999.00\n")).toBe(43200000.17);
});

it("is undefined for another shape", () => {
  expect(parseUptime("")).toBe(undefined);
  expect(parseUptime("up")).toBe(undefined);
});
