// Which blocks of hsflowd.conf work: for `hsflowd --help`, and as the table of README.md.

import { type ListedModule, modules } from "../modules/index.ts";
import { linesText, type Printable } from "../text/printable.ts";
import { besideName } from "../text/wrap.ts";

interface Row {
  readonly keyword: string;
  readonly help: string;
  readonly works: boolean;
}

const rows: readonly Row[] = modules.flatMap(({ keyword, help, load }: ListedModule) =>
  keyword === null ? [] : [{ keyword, help, works: load !== undefined }],
);

/** Lists the blocks that work, or the others, on lines that are indented by two blanks. */
const listOf = (works: boolean, width: number): string[] => {
  const keywords = rows.filter((row) => row.works === works).map(({ keyword }) => keyword);
  return besideName("  ", keywords.join(" "), width);
};

/** Returns the last lines of `hsflowd --help`, at most `width` columns wide. */
export const blocksHelp = (width: number): Printable =>
  linesText([
    "Blocks of hsflowd.conf:",
    ...listOf(true, width),
    "Blocks without effect, accepted but not implemented yet:",
    ...listOf(false, width),
  ]);

/** Returns the table as Markdown, the blocks that work first. */
export function blockTable(): string {
  const sorted = rows.toSorted((a, b) => Number(b.works) - Number(a.works));
  const lines = sorted.map(({ keyword, help, works }) => `| \`${keyword} { }\` | ${works ? "yes" : "no"} | ${help} |`);
  return ["| Block | Works | What it does |", "| --- | --- | --- |", ...lines].join("\n");
}
