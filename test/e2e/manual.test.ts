// The manual pages by mandoc(1), and the completions by the shells for which they are.

import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeFolder } from "./agent.ts";

const folder = makeFolder();
const run = (command: string, ...words: readonly string[]) =>
  execFileSync(command, words, { encoding: "utf8", timeout: 60_000 });

beforeAll(() => void run(process.execPath, "packaging/man.mjs", folder.path));
afterAll(() => folder.remove());

it.each(["hsflowd.8", "hsflowd.conf.5"])("%s is clean", (page) => {
  expect(run("mandoc", "-T", "lint", folder.file(page))).toBe("");
  expect(run("mandoc", "-T", "html", folder.file(page))).toContain(">EXAMPLES<");
});

const CASES: [typed: string, expected: readonly string[]][] = [
  ["hsflowd ch", ["check"]],
  ["hsflowd --con", ["--config", "--control-socket"]],
  ["hsflowd check --d", ["--dump"]],
  ["hsflowd check package.js", ["package.json"]],
  ["hsflowd -f package.js", ["package.json"]],
  ["hsflowd status --format=j", ["json"]],
  ["hsflowd explain ag", ["agent"]],
  ["hsflowd explain l", ["lo"]],
  ["hsflowd demo --interface l", ["lo"]],
  ["hsflowd decode -p ", []],
];

it.each(CASES)("fish completes %s", (typed, expected) => {
  const script = `source ${folder.file("hsflowd.fish")}; complete -C '${typed}'`;
  const output = run("fish", "--no-config", "-c", script);
  const words = output.split("\n").flatMap((line) => (line === "" ? [] : [line.split("\t")[0]?.split("=").at(-1)]));
  expect(words).toEqual(expect.arrayContaining([...expected]));
  if (expected.length === 0) expect(words).toEqual([]);
});

it.each(CASES)("zsh completes %s", (typed, expected) => {
  const shown = run("python3", "test/e2e/complete-in-zsh.py", folder.path, typed);
  for (const word of expected) expect(shown).toContain(word);
  if (expected.length === 0) expect(shown).not.toContain("package.json");
});
