// etc/hsflowd.conf is what the tables say, and everything in it can be used. After a change of a table: vitest run -u.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { sampleConfiguration } from "../../agent/commands/sample.ts";
import { parse } from "../../agent/config/parse.ts";
import { modules } from "../../agent/modules/index.ts";
import { readConfiguration, sflowType } from "../../agent/run/configuration.ts";

const FILE = "etc/hsflowd.conf";

it("is generated from the tables", async () => {
  await expect(sampleConfiguration()).toMatchFileSnapshot(`../../${FILE}`);
});

it("says nothing as it is, so that a collector is all that is missing", () => {
  const { problems } = readConfiguration(readFileSync(FILE, "utf8"), modules);
  expect(problems.map(({ message }) => message)).toEqual(["no collector is configured"]);
});

it("can be used line by line", () => {
  const text = readFileSync(FILE, "utf8").replaceAll(/^( *)#/gm, "$1");
  const { block, problems } = parse(text, sflowType(modules));
  expect(problems).toEqual([]);
  const keywords = modules.flatMap(({ keyword }) => keyword ?? []);
  expect(new Set(block.blocks.map(({ type }) => type.keyword))).toEqual(new Set(keywords));
  expect(block.values).toMatchObject({ polling: 30, sampling: 400, headerBytes: 128, datagramBytes: 1400 });
});
