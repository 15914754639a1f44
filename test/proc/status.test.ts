// /proc/self/status of this machine, of an ordinary user, and other text.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bitOf, parseStatus } from "../../agent/proc/status.ts";

test("finds the user of this process", () => {
  expect(parseStatus(readFileSync("/proc/self/status", "utf8"))?.uid).toBe(process.geteuid?.());
});

test("reads an ordinary user in two groups, with two capabilities", () => {
  const text = "Name:\tnode\nUid:\t0\t65534\t0\t0\nGroups:\t4 107 \nCapInh:\tffff\nCapPrm:\t0000000000202000\n";
  expect(parseStatus(text)).toEqual({
    uid: 65_534,
    groups: [4, 107],
    permitted: bitOf("CAP_NET_RAW") | bitOf("CAP_SYS_ADMIN"),
  });
});

test("returns undefined for other text", () => {
  expect(parseStatus("")).toBeUndefined();
  expect(parseStatus("Uid:\t0\t0\t0\t0\n")).toBeUndefined();
});
