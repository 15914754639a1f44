// The README of a block contains the option table that the parser reads.

import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Option } from "../../agent/config/option.ts";
import { modules } from "../../agent/modules/index.ts";

const cell = (text: string) => text.replaceAll("|", "\\|");

function shownDefault({ default: value, shown, required, repeat }: Option<unknown>): string {
  if (required) return "required";
  const none = value === undefined || repeat === true || shown === "";
  return none ? "-" : `\`${shown}\``;
}

/** Returns the rows that a README must have, in order. The text around them is free. */
const rows = (options: Readonly<Record<string, Option<unknown>>>): string[] => [
  "| Key | Value | Default | What it does |",
  "| --- | --- | --- | --- |",
  ...Object.entries(options)
    .filter(([, option]) => option.ignored === undefined && option.moved === undefined)
    .map(
      ([key, option]) => `| \`${key}\` | ${cell(option.type)} | ${cell(shownDefault(option))} | ${cell(option.help)} |`,
    ),
];

const readme = (keyword: string) => `agent/modules/${keyword}/README.md`;
const documented = modules.flatMap(({ keyword, ...module }) =>
  keyword !== null && existsSync(readme(keyword)) ? [{ keyword, options: module.options }] : [],
);

test("the table in a block's README equals its option table", () => {
  for (const { keyword, options } of documented) {
    const table = readFileSync(readme(keyword), "utf8")
      .split("\n")
      .filter((line) => /^\| (Key |--- |`)/.test(line));
    expect(table, readme(keyword)).toEqual(Object.keys(options).length === 0 ? [] : rows(options));
  }
});

test("every implemented block has a README", () => {
  const silent = modules.filter(({ keyword, load }) => keyword !== null && load && !existsSync(readme(keyword)));
  expect(silent.map(({ keyword }) => keyword)).toEqual([]);
});
