// Releases the pages of the program. Pages are loaded again when they are used.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadShim } from "../../native-shim/load.ts";

/** Debian's program is small, and nearly all of it is in a library. */
const isNode = (path: string) => path === process.execPath || /\/libnode\.so\.\d+$/.test(path);

/** Returns the resident kilobytes that are mapped from the files of Node.js and were never written to. */
function programKilobytes(): number {
  const mappings = readFileSync("/proc/self/smaps", "utf8").split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
  const programs = mappings.filter((mapping) => isNode(/\/.*$/m.exec(mapping)?.[0] ?? ""));
  const clean = programs.filter((mapping) => /^\S+ r-/.test(mapping));
  return clean.reduce((sum, mapping) => sum + Number(/^Rss:\s+(\d+) kB/m.exec(mapping)?.[1]), 0);
}

test("releases most of the program's memory, and the process continues to work", () => {
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
