// Every file of test/fixtures/conf: broken ones with what is said of them in .err, others with what they mean in .json.
// After a change: vitest run -u, and read the difference.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formatProblems, type Problem } from "../../agent/config/error.ts";
import { modules } from "../../agent/modules/index.ts";
import { type Configuration, readConfiguration, sflowType } from "../../agent/run/configuration.ts";

const FOLDER = "test/fixtures/conf";
const names = readdirSync(FOLDER).flatMap((file) => (file.endsWith(".conf") ? [file.slice(0, -".conf".length)] : []));

/** Which blocks have an implementation is not the matter here. */
const all = modules.map((module) => ({ ...module, load: () => Promise.reject(new Error("not loaded in this test")) }));
const types = [sflowType(all), ...(sflowType(all).blocks ?? [])];

function plain(_key: string, value: unknown): unknown {
  if (value instanceof RegExp) return String(value);
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  return value === Number.POSITIVE_INFINITY ? "infinity" : value;
}

/** What differs from the defaults of the block. */
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
  const told = { sflow: changes("sflow", sflow), blocks: Object.fromEntries(values), warnings };
  return `${JSON.stringify(told, plain, 2)}\n`;
}

describe("configurations", () => {
  it.each(names)("%s", async (name) => {
    const text = readFileSync(`${FOLDER}/${name}.conf`, "utf8");
    const { configuration, problems } = readConfiguration(text, all);
    const [answer, kind] =
      configuration === undefined
        ? [formatProblems(`${name}.conf`, text, problems), "err"]
        : [meaning(configuration, problems), "json"];
    await expect(answer).toMatchFileSnapshot(`../fixtures/conf/${name}.${kind}`);
  });

  it("are as many as were promised", () => {
    const answers = readdirSync(FOLDER);
    expect(answers.filter((file) => file.endsWith(".err")).length).toBeGreaterThanOrEqual(60);
    expect(answers.filter((file) => file.endsWith(".json")).length).toBeGreaterThanOrEqual(20);
    expect(answers.length).toBe(names.length * 2);
  });
});
