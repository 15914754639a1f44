// Parses every file of test/fixtures/conf. The messages of an invalid file are in .err, the values of a valid file in
// .json. After a change, run `vitest run -u` and read the difference.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formatProblems, type Problem } from "../../agent/config/error.ts";
import { PosixRegex } from "../../agent/config/posix-regex.ts";
import { modules } from "../../agent/modules/index.ts";
import { type Configuration, readConfiguration, sflowType } from "../../agent/run/configuration.ts";

const FOLDER = "test/fixtures/conf";
const names = readdirSync(FOLDER).flatMap((file) => (file.endsWith(".conf") ? [file.slice(0, -".conf".length)] : []));

/** All blocks, each as if it were implemented, so that the results have no warnings about missing implementations. */
const all = modules.map((module) => ({ ...module, load: () => Promise.reject(new Error("not loaded in this test")) }));
const types = [sflowType(all), ...(sflowType(all).blocks ?? [])];

function plain(_key: string, value: unknown): unknown {
  if (value instanceof PosixRegex) return `/${value.text}/`;
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  return value === Number.POSITIVE_INFINITY ? "infinity" : value;
}

/** Returns the values that differ from the defaults of the block. */
function changes(keyword: string, values: object): object {
  const { options = {} } = types.find((type) => type.keyword === keyword) ?? {};
  const asText = (value: unknown): string | undefined => JSON.stringify(value, plain);
  return Object.fromEntries(
    Object.entries(values).filter(([key, value]) => asText(value) !== asText(options[key]?.default)),
  );
}

function meaning({ sflow, blocks }: Configuration, problems: readonly Problem[]): string {
  const values = [...blocks].map(([keyword, list]) => [
    keyword,
    list.map((block) => changes(keyword, block as object)),
  ]);
  const warnings = problems.map(({ at, message }) => `${at.line}:${at.column}: ${message}`);
  const result = { sflow: changes("sflow", sflow), blocks: Object.fromEntries(values), warnings };
  return `${JSON.stringify(result, plain, 2)}\n`;
}

describe("the configurations in test/fixtures/conf", () => {
  it.each(names)("%s parses to its recorded result", async (name) => {
    const text = readFileSync(`${FOLDER}/${name}.conf`, "utf8");
    const { configuration, problems } = readConfiguration(text, all);
    const [answer, kind] =
      configuration === undefined
        ? [formatProblems(`${name}.conf`, text, problems), "err"]
        : [meaning(configuration, problems), "json"];
    await expect(answer).toMatchFileSnapshot(`../fixtures/conf/${name}.${kind}`);
  });

  it("are at least 60 invalid and 20 valid files", () => {
    const answers = readdirSync(FOLDER);
    expect(answers.filter((file) => file.endsWith(".err")).length).toBeGreaterThanOrEqual(60);
    expect(answers.filter((file) => file.endsWith(".json")).length).toBeGreaterThanOrEqual(20);
    expect(answers.length).toBe(names.length * 2);
  });
});
