// Problems of a configuration, and their text for people: position, message, the line and a caret.

import { linesText, type Printable, printable } from "../text/printable.ts";
import { wrapText } from "../text/wrap.ts";
import type { Span } from "./token.ts";
import { eachLine } from "./token.ts";

/** An error prevents the start of the agent. A warning reports a setting that is ignored or probably not meant. */
export interface Problem {
  readonly severity: "error" | "warning";
  readonly at: Span;
  readonly message: string;
  /** Completes the sentence "expected ...". */
  readonly expected?: string | undefined;
  /** Completes the question "did you mean ...". */
  readonly nearest?: string | undefined;
  /** Any other advice. */
  readonly remedy?: string | undefined;
}

/** The largest number of problems that are printed. A file with more is probably not a configuration. */
const MOST_SHOWN = 100;
const LONGEST_EXCERPT = 160;

/** Quotes a piece of the file for a message: at most 60 characters of it. */
export const quote = (text: string): string => `"${printable(text.slice(0, 60))}${text.length > 60 ? "..." : ""}"`;

const TAB = 8;

/** Shows a part of a line as on a terminal, with blanks in place of tabs. */
const shownPart = (text: string): string =>
  text
    .split("\t")
    .map(printable)
    .reduce((before, part) => before.padEnd(before.length + TAB - (before.length % TAB)) + part);

/** Returns at most `longest` characters of a line around `column`, and the position of `column` in them. */
function partAround(
  line: string,
  column: number,
  longest: number,
): { readonly shown: string; readonly column: number } {
  if (line.length <= longest) return { shown: line, column };
  const from = Math.max(0, Math.min(column - 1 - Math.floor(longest / 2), line.length - longest));
  return { shown: line.slice(from, from + longest), column: column - from };
}

/** The indent of what follows a problem. */
const INDENT = " ".repeat(7);

function excerpt(lines: readonly string[], at: Span, width: number): string[] {
  const { shown, column } = partAround(lines[at.line - 1] ?? "", at.column, LONGEST_EXCERPT);
  const begin = shownPart(shown.slice(0, column - 1)).length;
  const end = shownPart(shown.slice(0, column - 1 + at.length)).length;
  const part = partAround(shownPart(shown), begin + 1, Math.max(1, width - INDENT.length - 2));
  const carets = "^".repeat(Math.max(1, Math.min(end - begin, part.shown.length - part.column + 1)));
  const number = String(at.line).padStart(INDENT.length - 1);
  return [`${number} | ${part.shown}`, `${INDENT}| ${" ".repeat(part.column - 1)}${carets}`];
}

function advice({ expected, nearest, remedy }: Problem): string[] {
  const parts = [
    ...(expected === undefined ? [] : [`expected ${expected}`]),
    ...(remedy === undefined ? [] : [remedy]),
    ...(nearest === undefined ? [] : [`did you mean ${quote(nearest)}?`]),
  ];
  return parts.length === 0 ? [] : [parts.join("; ")];
}

const inOrder = (a: Problem, b: Problem): number => a.at.line - b.at.line || a.at.column - b.at.column;

export const sortProblems = (problems: readonly Problem[]): Problem[] => problems.toSorted(inOrder);

export const hasErrors = (problems: readonly Problem[]): boolean =>
  problems.some(({ severity }) => severity === "error");

function firstLines(text: string, count: number): string[] {
  const lines: string[] = [];
  for (const line of eachLine(text)) if (lines.push(line) >= count) break;
  return lines;
}

/**
 * Formats problems in file order, as lines of at most `width` characters. Each has `FILE:LINE:COLUMN: error: ...`, the
 * line of the file, carets and advice.
 */
export function problemLines(
  file: string,
  text: string,
  problems: readonly Problem[],
  width = Number.POSITIVE_INFINITY,
): string[] {
  const first = sortProblems(problems).slice(0, MOST_SHOWN);
  const lines = firstLines(text, Math.max(0, ...first.map(({ at }) => at.line)));
  const wrapped = (one: string) => wrapText(one, Math.max(1, width - INDENT.length));
  const shown = first.flatMap((problem) => {
    const { at, severity, message } = problem;
    const [head = "", ...rest] = wrapped(`${file}:${at.line}:${at.column}: ${severity}: ${message}`);
    const below = advice(problem).flatMap(wrapped);
    return [
      ...[head, ...rest.map((line) => INDENT + line)],
      ...excerpt(lines, at, width),
      ...below.map((line) => INDENT + line),
    ];
  });
  if (problems.length > MOST_SHOWN) shown.push(`${file}: ${problems.length - MOST_SHOWN} more problems not shown`);
  return shown;
}

export const formatProblems = (file: string, text: string, problems: readonly Problem[]): Printable =>
  linesText(problemLines(file, text, problems));
