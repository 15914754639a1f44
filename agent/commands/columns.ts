// Formats a table as text. Columns are as wide as their widest cell; columns of numbers are right-aligned.

import { printable } from "../text/printable.ts";
import { besideName } from "../text/wrap.ts";

const isNumber = (cell: string): boolean => /^[\d.,]+$/.test(cell);

/**
 * Returns a line for each row, indented, without trailing blanks. The first row is the heading. A column is
 * right-aligned if all its cells below the heading are numbers. The text of the last column continues on further lines
 * if a line would be longer than `width`.
 */
export function columns(cells: readonly (readonly string[])[], indent = 2, width = Number.POSITIVE_INFINITY): string[] {
  const rows = cells.map((row) => row.map(printable));
  const count = Math.max(0, ...rows.map((row) => row.length));
  const all = Array.from({ length: count }, (_, i) => rows.map((row) => row[i] ?? ""));
  const widths = all.map((cells) => Math.max(...cells.map((cell) => cell.length)));
  const right = all.map((cells) => cells.length > 1 && cells.slice(1).every(isNumber));
  const pad = (cell: string, i: number): string =>
    right[i] === true ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0);
  return rows.flatMap((row) => {
    const name =
      " ".repeat(indent) +
      row
        .slice(0, -1)
        .map((cell, i) => `${pad(cell, i)}  `)
        .join("");
    return besideName(name, pad(row.at(-1) ?? "", row.length - 1).trimEnd(), width).map((line) => line.trimEnd());
  });
}
