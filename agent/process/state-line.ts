// A line of the state file: JSON of a fixed length, whose numbers can be written over where they stand.

import type { Numbering } from "../sflow/numbers.ts";

/**
 * Bytes of a line, its end included: one line of JSON for the process, then one a numbering, blank where a place is
 * free. No line lies across two pages, and the kernel copies what it is given page by page: a process that is killed as
 * it writes leaves every line as it was or as it was to be.
 */
export const LINE = 256;

/** `at` is the uptime in seconds at which the line was written. */
export type Line = Numbering & { readonly at: number };

const isWord = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 32;

export function isLine(value: Partial<Line> | null): value is Line {
  return (
    typeof value?.name === "string" &&
    typeof value.subject === "string" &&
    [value.sequence, value.pool, value.drops, value.at].every(isWord)
  );
}

/** Digits of the largest 32-bit word. */
const DIGITS = 10;
const WORDS = ["sequence", "pool", "drops", "at"] as const;
const HEAD = `{${WORDS.map((word) => `"${word}":${" ".repeat(DIGITS)}`).join(",")}`;
const COLUMNS = WORDS.map((word) => HEAD.indexOf(`"${word}":`) + word.length + 3);

/** A line that would not fit is left blank: those numbers begin anew after a restart. */
export const padded = (text: string): Buffer =>
  Buffer.from(`${(text.length < LINE ? text : "").padEnd(LINE - 1)}\n`, "latin1");

function putNumber(line: Uint8Array, column: number, number: number): void {
  let left = number;
  for (let i = DIGITS - 1; i >= 0; i--) {
    line[column + i] = left > 0 || i === DIGITS - 1 ? 0x30 + (left % 10) : 0x20;
    left = Math.floor(left / 10);
  }
}

/** Without effect on a blank line. */
export function putNumbers(line: Buffer, { sequence, pool, drops }: Numbering, at: number): void {
  if (line[0] !== HEAD.charCodeAt(0)) return;
  [sequence, pool, drops, at].forEach((number, i) => {
    putNumber(line, COLUMNS[i] as number, number);
  });
}

/**
 * Its numbers stand in columns in front: they move with every datagram, and are written over where they are, for a new
 * text each time would be most of what keeping them costs.
 */
export function lineOf(numbering: Numbering, at: number): Buffer {
  const { name, subject } = numbering;
  const line = padded(`${HEAD},"name":${JSON.stringify(name)},"subject":${JSON.stringify(subject)}}`);
  putNumbers(line, numbering, at);
  return line;
}
