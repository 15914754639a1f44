// Which blocks of hsflowd.conf work: for `hsflowd --help`, and as the table of README.md.

import { type ListedModule, modules } from "../modules/index.ts";
import { linesText, type Printable } from "../text/printable.ts";

interface Row {
  readonly keyword: string;
  readonly help: string;
  readonly works: boolean;
}

const rows: readonly Row[] = modules.flatMap(({ keyword, help, load }: ListedModule) =>
  keyword === null ? [] : [{ keyword, help, works: load !== undefined }],
);

const WIDTH = 78;

/** Breaks a list of words into lines that are indented by two blanks. */
function wrapped(words: readonly string[]): string[] {
  const lines = [" "];
  for (const word of words) {
    const line = lines.at(-1) ?? "";
    if (line.length + 1 + word.length > WIDTH) lines.push(`  ${word}`);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

const listOf = (works: boolean): string[] =>
  wrapped(rows.filter((row) => row.works === works).map(({ keyword }) => keyword));

/** Returns the last lines of `hsflowd --help`. */
export const blocksHelp = (): Printable =>
  linesText([
    "Blocks of hsflowd.conf:",
    ...listOf(true),
    "Blocks without effect, accepted but not implemented yet:",
    ...listOf(false),
  ]);

/** Returns the table as Markdown, the blocks that work first. */
export function blockTable(): string {
  const sorted = rows.toSorted((a, b) => Number(b.works) - Number(a.works));
  const lines = sorted.map(({ keyword, help, works }) => `| \`${keyword} { }\` | ${works ? "yes" : "no"} | ${help} |`);
  return ["| Block | Works | What it does |", "| --- | --- | --- |", ...lines].join("\n");
}
