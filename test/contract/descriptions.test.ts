// The description of every block of agent/modules/index.ts: its help, its options, its needs, and the table of its
// README, which is the option table that the parser reads.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Option } from "../../agent/config/option.ts";
import { modules } from "../../agent/modules/index.ts";
import { CAPABILITIES } from "../../agent/proc/status.ts";
import { nameOf } from "./blocks.ts";

type Table = Readonly<Record<string, Option<unknown>>>;

const cell = (text: string) => text.replaceAll("|", "\\|");

function shownDefault({ default: value, shown, required, repeat }: Option<unknown>): string {
  if (required) return "required";
  const none = value === undefined || repeat === true || shown === "";
  return none ? "-" : `\`${shown}\``;
}

/** Returns the rows that a README must have, in order. The text around them is free. */
const rows = (options: Table): string[] => [
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

/** The options of a block and of the blocks inside it, by their path: `port.dev`. */
const optionsOf = (table: Table): (readonly [key: string, option: Option<unknown>])[] =>
  Object.entries(table).flatMap(([key, option]) => [
    [key, option] as const,
    ...optionsOf(option.block ?? {}).map(([inner, its]) => [`${key}.${inner}`, its] as const),
  ]);

/** One line of text that another sentence can take in: no full stop at its end. */
const LINE = /^\S(?:.*[^\s.])?$/;

describe.each(modules.map((module) => ({ name: nameOf(module), module })))("$name", ({ name, module }) => {
  const options = optionsOf(module.options);

  test("has a keyword or a name, and a line of help", () => {
    expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(module.help).toMatch(LINE);
  });

  test("has a line of help for each option", () => {
    for (const [key, { help }] of options) expect(help, key).toMatch(LINE);
  });

  test("reads each default as it is shown", () => {
    for (const [key, { default: value, shown, read, repeat, required, block }] of options) {
      if (shown === "" || block !== undefined) continue;
      const again = read(shown, value, "");
      // Without a default, and where it is required or repeated, what is shown is an example.
      if (value !== undefined && !repeat && !required) expect(again, key).toEqual(value);
    }
  });

  test("that samples interfaces also says when it samples nothing", () => {
    if (module.toSample !== undefined) expect(module.samplesNothing).toBeDefined();
  });

  test("needs capabilities that the agent knows, for options that it has", () => {
    for (const { capability, purpose, option } of module.needs ?? []) {
      expect(Object.keys(CAPABILITIES)).toContain(capability);
      expect(purpose).toMatch(LINE);
      if (option !== undefined) expect(Object.keys(module.options)).toContain(option);
    }
  });
});
