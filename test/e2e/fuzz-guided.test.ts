// The readers of what others send, fed with inputs that coverage guides: five minutes in all. See test/fuzz.

import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { targets } from "../fuzz/targets.ts";

const SECONDS = 50;

test("no input throws or takes more than 20 ms", { timeout: 10 * 60_000 }, () => {
  const said = execFileSync(process.execPath, ["test/fuzz/run.mjs", String(SECONDS)], { encoding: "utf8" });
  const names = [...said.matchAll(/^(\w+): \d+ inputs/gm)].map(([, name]) => name);
  expect(names).toEqual(targets.map(({ name }) => name));
});
