// The bash completion script, run by bash.

import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { bashCompletion } from "../../../agent/commands/completion/bash.ts";

/** Returns the proposals of bash for the last word. The words are split as readline splits them. */
function proposals(...typed: readonly string[]): string[] {
  const script = `${bashCompletion()}
COMP_WORDS=(hsflowd "$@"); COMP_CWORD=$#; _hsflowd hsflowd "\${@: -1}" "\${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync("bash", ["-c", script, "bash", ...typed], { encoding: "utf8" });
  return output.split("\n").filter((line) => line !== "");
}

it.each([
  [["ch"], ["check"]],
  [["--con"], ["--config", "--control-socket"]],
  [["check", "--d"], ["--dump"]],
  [["check", "package.js"], ["package.json"]],
  [["-f", "package.js"], ["package.json"]],
  [["status", "--format", "=", "j"], ["json"]],
  [
    ["status", "--format", "="],
    ["text", "json"],
  ],
  [["explain", "ag"], ["agent"]],
  [["explain", "l"], expect.arrayContaining(["lo"])],
  [["decode", "--port", "6"], []],
  [["demo", "--interface", "l"], expect.arrayContaining(["lo"])],
] as const)("hsflowd %j", (typed, expected) => {
  expect(proposals(...typed)).toEqual(expected);
});
