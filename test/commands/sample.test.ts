// etc/hsflowd.conf is generated from the option tables, and each of its lines is valid. After a change of a table, run
// `vitest run -u`.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { sampleConfiguration } from "../../agent/commands/sample.ts";
import { parse } from "../../agent/config/parse.ts";
import { modules } from "../../agent/modules/index.ts";
import { readConfiguration, sflowType } from "../../agent/run/configuration.ts";

const FILE = "etc/hsflowd.conf";

it("is generated from the option tables", async () => {
  await expect(sampleConfiguration()).toMatchFileSnapshot(`../../${FILE}`);
});

it("has no problem except that no collector is configured", () => {
  const { problems } = readConfiguration(readFileSync(FILE, "utf8"), modules);
  expect(problems.map(({ message }) => message)).toEqual(["no collector is configured"]);
});

it("is valid without the first # of each line", () => {
  const text = readFileSync(FILE, "utf8").replaceAll(/^( *)#/gm, "$1");
  const { block, problems } = parse(text, sflowType(modules));
  expect(problems).toEqual([]);
  const keywords = modules.flatMap(({ keyword }) => keyword ?? []);
  expect(new Set(block.blocks.map(({ type }) => type.keyword))).toEqual(new Set(keywords));
  expect(block.values).toMatchObject({ polling: 30, sampling: 400, headerBytes: 128, datagramBytes: 1400 });
});
