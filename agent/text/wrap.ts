// Breaks a line into lines that fit a terminal.

import { linesText, type Printable } from "./printable.ts";

/** Returns the parts of the text, joined by `gap`, on as few lines of at most `width` characters as possible. */
function fill(parts: readonly string[], gap: string, width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const line = lines.at(-1);
    if (line === undefined || line.length + gap.length + part.length > width) lines.push(part);
    else lines[lines.length - 1] = line + gap + part;
  }
  return lines;
}

/**
 * Breaks text at blanks. Prefers gaps of several blanks, which separate columns. A word that is longer than a line is
 * not broken, so that it can be copied.
 */
export function wrapText(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const gap = /\s{2,}/.exec(text)?.[0];
  if (gap === undefined) return fill(text.split(" "), " ", width);
  return fill(text.split(/\s{2,}/), gap, width).flatMap((line) => wrapText(line, width));
}

/** Puts a name before text that is broken to fit. Further lines begin below the text. */
export function besideName(name: string, text: string, width: number): string[] {
  const [first = "", ...rest] = wrapText(text, Math.max(1, width - name.length));
  return [name + first, ...rest.map((line) => " ".repeat(name.length) + line)];
}

/** The indent and all columns but the last: each ends with a gap of several blanks. */
const COLUMNS = /^ *(?:\S+(?: \S+)* {2,})*/;

/** Breaks each line that does not fit. Further lines begin where the last column of the line begins. */
export function fitLines(text: Printable, width: number): Printable {
  const lines = text.split("\n").slice(0, -1);
  return linesText(
    lines.flatMap((line) => {
      const [before = ""] = line.length <= width ? [line] : (COLUMNS.exec(line) ?? []);
      return besideName(before, line.slice(before.length), width);
    }),
  );
}
