// What a suite inside a machine says, a line of JSON each, and the tests that it becomes outside.

import { expect, test } from "vitest";
import type { Machine } from "./machine.ts";

export type Line =
  | { readonly name: string; readonly passed: boolean; readonly error: string }
  | { readonly note: string }
  /** Once, and last: what went wrong outside of tests. */
  | { readonly end: string };

/** A test for each line; one more is that each of `expected` was among them, and that the suite came to its end. */
export function report({ said, console }: Pick<Machine, "said" | "console">, expected: readonly RegExp[]): void {
  const lines = said()
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Line);
  const names: string[] = [];
  for (const line of lines) {
    if ("note" in line) process.stdout.write(line.note);
    if (!("name" in line)) continue;
    names.push(line.name);
    test(line.name, () => {
      if (!line.passed) throw new Error(line.error);
    });
  }
  const end = lines.find((line) => "end" in line);
  const evidence = console();
  test("the suite inside came to its end, and nothing of it is missing", () => {
    expect(end?.end, evidence).toBe("");
    expect(
      expected.filter((pattern) => !names.some((name) => pattern.test(name))),
      names.join("\n"),
    ).toEqual([]);
  });
}
