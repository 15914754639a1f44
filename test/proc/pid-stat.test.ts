// /proc/PID/stat.

import { expect, it } from "vitest";
import { isRunning, parsePidStat } from "../../agent/proc/pid-stat.ts";

const TEXT = "7 (a) Z (b)) S 1 7 7 0 -1 4194560 10 20 30 40 1 2 3 4 20 0 1 0 31415 9 8 7\n";

it("reads fields after a name with any characters", () => {
  expect(parsePidStat(TEXT)).toEqual({ state: "S", startTime: "31415" });
});

it("does not report a zombie or an empty file as running", () => {
  expect([TEXT, TEXT.replace(") S", ") Z"), ""].map((text) => isRunning(parsePidStat(text)))).toEqual([
    true,
    false,
    false,
  ]);
});
