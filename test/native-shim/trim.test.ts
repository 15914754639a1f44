// The program's own pages: given back, and there again when they are used.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadShim } from "../../native-shim/load.ts";

/** Resident kilobytes of what is mapped from the program's file and has never been written to. */
function programKilobytes(): number {
  const mappings = readFileSync("/proc/self/smaps", "utf8").split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
  const programs = mappings.filter((mapping) => mapping.split("\n")[0]?.endsWith(process.execPath));
  const clean = programs.filter((mapping) => /^\S+ r-/.test(mapping));
  return clean.reduce((sum, mapping) => sum + Number(/^Rss:\s+(\d+) kB/m.exec(mapping)?.[1]), 0);
}

test("most of the program leaves the memory of the process, which goes on", () => {
  const { trim } = loadShim();
  const before = programKilobytes();
  trim();
  const after = programKilobytes();
  expect(before).toBeGreaterThan(10_000);
  expect(after).toBeLessThan(before * 0.7);
  expect(JSON.parse(JSON.stringify({ sorted: [3, 1, 2].sort(), text: "a-b".replace(/-/, "+") }))).toEqual({
    sorted: [1, 2, 3],
    text: "a+b",
  });
});
