// A table for people: cells below one another, as wide as the widest of their column; numbers end where others end.

const isNumber = (cell: string): boolean => /^[\d.,]+$/.test(cell);

/**
 * Lines without blanks at their ends, each `indent` blanks in. A column of which every cell below the first row is a
 * number is set right.
 */
export function columns(rows: readonly (readonly string[])[], indent = 2): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const all = Array.from({ length: count }, (_, i) => rows.map((row) => row[i] ?? ""));
  const widths = all.map((cells) => Math.max(...cells.map((cell) => cell.length)));
  const right = all.map((cells) => cells.length > 1 && cells.slice(1).every(isNumber));
  const pad = (cell: string, i: number): string =>
    right[i] === true ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0);
  return rows.map((row) => (" ".repeat(indent) + row.map(pad).join("  ")).trimEnd());
}
