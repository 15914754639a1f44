// What is wrong with a configuration and where: as a person reads it, with the line and a caret.

import type { Span } from "./token.ts";
import { linesOf } from "./token.ts";

/** An error keeps the agent from starting; a warning says what will not have the effect it seems to have. */
export interface Problem {
  readonly severity: "error" | "warning";
  readonly at: Span;
  readonly message: string;
  /** Ends the sentence "expected ...". */
  readonly expected?: string | undefined;
  /** Ends the question "did you mean ...". */
  readonly nearest?: string | undefined;
  /** What else helps. */
  readonly remedy?: string | undefined;
}

/** More than this in one file is not a configuration with errors but another file. */
const SHOWN = 100;
const WIDEST = 160;

/** A piece of the file inside a message: one short line, and nothing that moves the cursor of a terminal. */
export function quote(text: string): string {
  const clean = visible(text);
  return `"${clean.length > 60 ? `${clean.slice(0, 60)}...` : clean}"`;
}

const visible = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, "?");

/** The part of a long line around `column`, and the column in it. */
function window(line: string, column: number): { readonly shown: string; readonly column: number } {
  if (line.length <= WIDEST) return { shown: line, column };
  const from = Math.max(0, Math.min(column - 1 - WIDEST / 2, line.length - WIDEST));
  return { shown: line.slice(from, from + WIDEST), column: column - from };
}

function excerpt(lines: readonly string[], at: Span): string[] {
  const { shown, column } = window(lines[at.line - 1] ?? "", at.column);
  const indent = shown.slice(0, column - 1).replace(/[^\t]/g, " ");
  const carets = "^".repeat(Math.max(1, Math.min(at.length, shown.length - column + 1)));
  const source = shown.split("\t").map(visible).join("\t");
  return [`${String(at.line).padStart(6)} | ${source}`, `${" ".repeat(6)} | ${indent}${carets}`];
}

function advice({ expected, nearest, remedy }: Problem): string[] {
  const parts = [
    ...(expected === undefined ? [] : [`expected ${expected}`]),
    ...(remedy === undefined ? [] : [remedy]),
    ...(nearest === undefined ? [] : [`did you mean ${quote(nearest)}?`]),
  ];
  return parts.length === 0 ? [] : [`${" ".repeat(7)}${parts.join("; ")}`];
}

const inOrder = (a: Problem, b: Problem): number => a.at.line - b.at.line || a.at.column - b.at.column;

export const sortProblems = (problems: readonly Problem[]): Problem[] => problems.toSorted(inOrder);

export const hasErrors = (problems: readonly Problem[]): boolean =>
  problems.some(({ severity }) => severity === "error");

/** `FILE:LINE:COLUMN: error: ...`, then the line, the caret and what would help; in the order of the file. */
export function formatProblems(file: string, text: string, problems: readonly Problem[]): string {
  const lines = linesOf(text);
  const shown = sortProblems(problems)
    .slice(0, SHOWN)
    .flatMap((problem) => [
      `${file}:${problem.at.line}:${problem.at.column}: ${problem.severity}: ${problem.message}`,
      ...excerpt(lines, problem.at),
      ...advice(problem),
    ]);
  if (problems.length > SHOWN) shown.push(`${file}: and ${problems.length - SHOWN} more`);
  return shown.map((line) => `${line}\n`).join("");
}
