// The checks themselves: none reports on a stream without fault, and each reports its own fault.

import { expect, it } from "vitest";
import { vectorBytes } from "../sflow/vectors.ts";
import { allIds, checks, describeReport, whereElse } from "./all.ts";
import { runChecks } from "./check.ts";
import { expectation, goodStream } from "./good.ts";
import { openStream } from "./stream.ts";

it("finds nothing in a stream without fault", () => {
  const report = runChecks(checks, { stream: openStream(goodStream()), expect: expectation });
  expect(report.findings).toEqual([]);
  expect(report.decided.length).toBeGreaterThan(60);
});

it("finds no fault in the structure of the four vectors", () => {
  const letterA = checks.filter(({ id }) => id.startsWith("A"));
  for (const payload of vectorBytes) {
    const stream = openStream([{ time: 1, payload }]);
    expect(runChecks(letterA, { stream, expect: expectation }).findings).toEqual([]);
  }
});

it("has every id once: as a check, or with what decides it", () => {
  const ids = checks.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const lost = allIds.filter((id) => !ids.includes(id) && whereElse(id) === undefined);
  expect(lost).toEqual([]);
  expect(ids.filter((id) => !allIds.includes(id))).toEqual([]);
});

it("prints what was decided, what was found, and what does not apply", () => {
  const report = runChecks(checks, { stream: openStream([]), expect: expectation });
  const text = describeReport(report);
  expect(text).toContain("C-31 never: the agent sends no NAT records");
  expect(text).toMatch(/^undecided on this evidence: .*A-01/m);
});
