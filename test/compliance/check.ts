// A check: one requirement of the specification or of practice on a captured stream, under its id.

import type { Expectation } from "./expectation.ts";
import type { Stream } from "./stream.ts";
import type { Truth } from "./truth.ts";

/** M violates the specification, S a recommendation, P interoperability; Q is a quality beyond the specification. */
export type Level = "M" | "S" | "P" | "Q";

export interface Finding {
  readonly id: string;
  readonly level: Level;
  readonly message: string;
}

/** The evidence of a check. Without snapshots, checks that compare with the kernel stay undecided. */
export interface Evidence {
  readonly stream: Stream;
  readonly expect: Expectation;
  readonly truth?: Truth;
}

/** Returns a message for each fault; undefined where the evidence does not decide. */
export type Find = (evidence: Evidence) => readonly string[] | undefined;

export interface Check {
  readonly id: string;
  readonly level: Level;
  readonly says: string;
  readonly find: Find;
}

export const check = (id: string, level: Level, says: string, find: Find): Check => ({ id, level, says, find });

export interface Report {
  readonly findings: readonly Finding[];
  readonly decided: readonly string[];
  readonly undecided: readonly string[];
}

export function runChecks(checks: readonly Check[], evidence: Evidence): Report {
  const results = checks.map(({ id, level, find }) => ({ id, level, messages: find(evidence) }));
  return {
    findings: results.flatMap(({ id, level, messages = [] }) => messages.map((message) => ({ id, level, message }))),
    decided: results.filter(({ messages }) => messages !== undefined).map(({ id }) => id),
    undecided: results.filter(({ messages }) => messages === undefined).map(({ id }) => id),
  };
}

/** Returns the messages of the items that have one. */
export const each = <T>(items: readonly T[], judge: (item: T, i: number) => string | undefined | false): string[] =>
  items.map(judge).filter((message) => typeof message === "string");

/** Does the same as `each`, and is undecided where there is nothing to judge. */
export const eachOf = <T>(items: readonly T[], judge: (item: T, i: number) => string | undefined | false) =>
  items.length === 0 ? undefined : each(items, judge);
