// The results of a suite inside a virtual machine, one JSON line each, reported as tests outside.

import { expect, test } from "vitest";
import type { Machine } from "./machine.ts";

export type Line =
  | { readonly name: string; readonly passed: boolean; readonly error: string }
  | { readonly note: string }
  /** The last line of a suite: errors outside of tests. */
  | { readonly end: string };

/** Reports each line as a test, and one more: every one of `expected` was among them, and the suite ended. */
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
  const ends = lines.flatMap((line) => ("end" in line ? [line.end] : []));
  const evidence = console();
  test("the suite in the machine ended, and no test of it is missing", () => {
    expect([...new Set(ends)], evidence).toEqual([""]);
    const missing = expected.filter((pattern) => !names.some((name) => pattern.test(name)));
    expect(missing, evidence).toEqual([]);
  });
}
