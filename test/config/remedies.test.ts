// Warnings and errors about every row of the option tables: no message has a gap where a table has none, and a file
// with all remedies applied means the same.

import { describe, expect, it } from "vitest";
import type { BlockType } from "../../agent/config/block.ts";
import { hasErrors, type Problem } from "../../agent/config/error.ts";
import type { Option } from "../../agent/config/option.ts";
import { quoted } from "../../agent/config/token.ts";
import { modules } from "../../agent/modules/index.ts";
import { type Configuration, readConfiguration, sflowType } from "../../agent/run/configuration.ts";
import { acceptSettings } from "../../agent/run/overlay.ts";
import { applyRemedies } from "./apply-remedies.ts";

const root = sflowType(modules);
const read = (text: string) => readConfiguration(text, modules);

/** A part of a message without the words that it quotes from the file. */
const unquoted = (part: string): string => part.replaceAll(/"[^"]*"/g, "'x'");

/** What a template with an empty table cell would print. */
const GAP = /undefined|null|NaN|\[object|\[native|\(\) ?=>|Infinity| {2}| (of|in|is|write|remove) *$|[;:] *$/;

function expectWhole(text: string, problems: readonly Problem[]): void {
  for (const { message, expected = "x", nearest = "x", remedy = "x" } of problems)
    for (const part of [message, expected, nearest, remedy])
      expect(unquoted(part), `${message}\n${text}`).not.toMatch(GAP);
}

/** The values in force, without keys that have no effect and keys of older files. */
function meaning({ sflow, blocks }: Configuration): object {
  const inForce = Object.entries(sflow).filter(([key]) => {
    const { ignored, moved }: Option<unknown> = root.options[key] as Option<unknown>;
    return ignored === undefined && moved === undefined;
  });
  return { sflow: Object.fromEntries(inForce), blocks };
}

/** Asserts that every problem has a whole message, and that its remedies do not change what a valid file does. */
function inspect(text: string): readonly Problem[] {
  const { configuration, problems } = read(text);
  expectWhole(text, problems);
  if (configuration === undefined) return problems;
  const after = applyRemedies(text, problems);
  const again = read(after);
  expect(hasErrors(again.problems), `${text}\nbecomes\n${after}`).toBe(false);
  expect(again.configuration && meaning(again.configuration), `${text}\nbecomes\n${after}`).toEqual(
    meaning(configuration),
  );
  return problems;
}

const VALUES = [
  "on",
  "off",
  "2000",
  "5",
  "0.25",
  "010",
  "08",
  "30s",
  "0.5%",
  "7,",
  "1G-2Gx",
  "/a b",
  ".x",
  "undefined",
];
const BROKEN = [
  "",
  "{",
  "-1",
  "null",
  "undefined",
  "999999999999",
  "*",
  "10.1",
  "::x::",
  "1.2.3.4/99",
  "'on'",
  "\u202e",
];

/** Keys of a block as they are written in a file, aliases included. */
const spellings = (options: BlockType["options"]): readonly (readonly [string, Option<unknown>])[] =>
  Object.entries(options).flatMap(([key, option]) => [
    [option.shownKey ?? key, option] as const,
    ...(option.aliases ?? []).map((alias) => [alias, option] as const),
  ]);

const required = ({ options }: BlockType): string =>
  Object.entries(options)
    .flatMap(([key, option]) => (option.required ? `${key} = ${option.shown}` : []))
    .join(" ");

const around = (inner: string, { keyword }: BlockType): string =>
  keyword === "sflow"
    ? `sflow {\ncollector { ip = 192.0.2.1 }\n${inner}\n}`
    : `sflow {\ncollector { ip = 192.0.2.1 }\n${keyword} {\n${inner}\n}\n}`;

describe.each([root, ...(root.blocks ?? [])])("$keyword { }", (type) => {
  const keys = spellings(type.options).filter(([, { block }]) => block === undefined);

  it("warns about each key in whole words, and each remedy means the same", () => {
    for (const [key, { shown }] of keys)
      for (const value of [shown, ...VALUES]) inspect(around(`${required(type)}\n${key} = ${quoted(value)}`, type));
  });

  it("reports a broken value of each key in whole words", () => {
    for (const [key] of keys) {
      for (const value of BROKEN) inspect(around(`${key} = ${value}`, type));
      inspect(around(`${key} = "a`, type));
      inspect(around(`${key} { }\n${key}x = 1\n${key}x { }\n${key}`, type));
    }
  });

  it("reports each key and block that is given twice in whole words", () => {
    for (const [key, { shown }] of keys)
      inspect(around(`${required(type)}\n${key} = ${quoted(shown)}\n${key} = ${quoted(shown)}`, type));
    const block = `${type.keyword} {\n${required(type)}\n}`;
    inspect(`sflow {\ncollector { ip = 192.0.2.1 }\n${block}\n${block}\n}`);
    inspect(`sflow { ${type.keyword} = on ${type.keyword} ${type.keyword} { ${type.keyword} { } }`);
  });
});

const moved = Object.entries(root.options).filter(([, option]) => option.moved !== undefined);

describe.each(moved)("%s, a key of older files,", (key, { moved: where, shown }) => {
  const home = root.blocks?.find(({ keyword }) => keyword === where?.block);
  const name = where?.key;
  const values =
    name === undefined || shown === ""
      ? ["on", "off", "ON", "Off", "2", "0.5", "/a b", ".example.com"]
      : [shown, "2", "1030", "100"];
  const others = moved.filter(([other, option]) => other !== key && option.moved?.block === where?.block);
  const old = others.map(([other, option]) => `${other} = ${option.moved?.key === undefined ? "on" : "25"}`).join("\n");
  const block = (inner: string) => `${home?.keyword} {\n${inner}\n}`;
  const own = name === undefined ? "" : `${name} = ${home?.options[name]?.shown}`;

  it.each(values)("= %s keeps its meaning when its remedy is applied, wherever the block stands", (value) => {
    const line = `${key} = ${quoted(value)}`;
    for (const rest of [
      old,
      old.replaceAll("= on", "= off"),
      old.replaceAll("= on", "= off").replaceAll("= 25", "= x"),
      "",
    ])
      for (const around of [[], [block("")], [block(own)]])
        for (const items of [
          [line, rest, ...around],
          [...around, line, rest],
          [rest, ...around, line],
          [...around, rest, line, line],
        ])
          inspect(`sflow {\ncollector { ip = 192.0.2.1 }\n${items.join("\n")}\n}`);
  });
});

it.each(["", "x", "-1", "10.1", "null", "9999999999", "30s", "1,", "\u001b"])(
  "a discovered setting with value %j is reported in whole words",
  (value) => {
    for (const key of [...Object.keys(root.options), "nosuch", "sampling.10G", ""])
      for (const problem of acceptSettings([`${key}=${value}`], []).problems)
        expect(unquoted(problem)).not.toMatch(GAP);
  },
);
