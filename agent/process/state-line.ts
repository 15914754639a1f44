// A line of the state file: JSON of a fixed length, whose numbers can be overwritten in place.

import type { Numbering } from "../sflow/numbers.ts";

/**
 * Bytes of a line, with the line feed. The first line describes the process, each other line has the numbers of one
 * data source, and an unused line is blank. No line crosses a page, and the kernel copies page by page. So if a process
 * is killed while it writes, each line is either the old or the new one.
 */
export const LINE = 256;

/** The contents of a line. `at` is the uptime in seconds when the line was written. */
export type Line = Numbering & { readonly at: number };

const isUnsigned32 = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 32;

export function isLine(value: Partial<Line> | null): value is Line {
  return (
    typeof value?.name === "string" &&
    typeof value.subject === "string" &&
    [value.sequence, value.pool, value.drops, value.at].every(isUnsigned32)
  );
}

/** Digits of the largest 32-bit number. */
const DIGITS = 10;
const KEYS = ["sequence", "pool", "drops", "at"] as const;
const HEAD = `{${KEYS.map((key) => `"${key}":${" ".repeat(DIGITS)}`).join(",")}`;
const COLUMNS = KEYS.map((key) => HEAD.indexOf(`"${key}":`) + key.length + 3);

/** Pads a text to a line. A text that is too long becomes a blank line, which the next process ignores. */
export const padded = (text: string): Buffer =>
  Buffer.from(`${(text.length < LINE ? text : "").padEnd(LINE - 1)}\n`, "latin1");

function putNumber(line: Uint8Array, column: number, number: number): void {
  let rest = number;
  for (let i = DIGITS - 1; i >= 0; i--) {
    line[column + i] = rest > 0 || i === DIGITS - 1 ? 0x30 + (rest % 10) : 0x20;
    rest = Math.floor(rest / 10);
  }
}

/** Overwrites the numbers of a line in place. Does nothing to a blank line. */
export function putNumbers(line: Buffer, { sequence, pool, drops }: Numbering, at: number): void {
  if (line[0] !== HEAD.charCodeAt(0)) return;
  [sequence, pool, drops, at].forEach((number, i) => {
    putNumber(line, COLUMNS[i] as number, number);
  });
}

/**
 * Makes a line. The numbers are in fixed columns at its beginning, so that they can be overwritten in place. Numbers
 * change with every datagram, and formatting the whole line each time would be most of the cost of storing them.
 */
export function lineOf(numbering: Numbering, at: number): Buffer {
  const { name, subject } = numbering;
  const line = padded(`${HEAD},"name":${JSON.stringify(name)},"subject":${JSON.stringify(subject)}}`);
  putNumbers(line, numbering, at);
  return line;
}
