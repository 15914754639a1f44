// The lists of blocks that work, and of those without effect: in --help, and in README.md.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { blocksHelp, blockTable } from "../../agent/commands/block-table.ts";
import { modules } from "../../agent/modules/index.ts";

/** The table between its comment and the next blank line. */
const TABLE = /(?<=<!-- generated: agent\/commands\/block-table.ts -->\n).*?(?=\n\n)/s;

it("README.md has the table of all blocks; vitest -u writes it", async () => {
  const page = readFileSync("README.md", "utf8");
  expect(page).toMatch(TABLE);
  await expect(page.replace(TABLE, blockTable())).toMatchFileSnapshot("../../README.md");
});

it("--help names each block once, in 80 columns, and says which have no effect", () => {
  const [works = "", ignored = ""] = blocksHelp(80).split("Blocks without effect");
  for (const { keyword, load } of modules) {
    if (keyword === null) continue;
    const words = (text: string) => text.split(/\s+/);
    expect([words(works).includes(keyword), words(ignored).includes(keyword)]).toEqual([load !== undefined, !load]);
  }
  expect(
    Math.max(
      ...blocksHelp(80)
        .split("\n")
        .map(({ length }) => length),
    ),
  ).toBeLessThanOrEqual(80);
});
