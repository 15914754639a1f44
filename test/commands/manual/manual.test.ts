// The manual pages have every entry of the tables, and no text that a formatter would read as a request.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { commandList } from "../../../agent/cli/command-list.ts";
import { flags } from "../../../agent/cli/flags.ts";
import { parseArguments } from "../../../agent/cli/parse-arguments.ts";
import { agentExamples, configurationExamples } from "../../../agent/commands/manual/examples.ts";
import { escapeText, fromMarkdown, page } from "../../../agent/commands/manual/roff.ts";
import { agentManual, configurationManual } from "../../../agent/commands/manual.ts";
import { modules } from "../../../agent/modules/index.ts";
import { readConfiguration } from "../../../agent/run/configuration.ts";
import { sflowOptions } from "../../../agent/settings/sflow-block.ts";

const readmes = new Map(
  modules.flatMap(({ keyword }) => {
    const file = `agent/modules/${keyword}/README.md`;
    return keyword !== null && existsSync(file) ? [[keyword, readFileSync(file, "utf8")] as const] : [];
  }),
);
const edition = { version: "1.2.3", date: "2026-01-02" };
const pages = [agentManual(edition), configurationManual(edition, readmes)] as const;
const [agent, configuration] = pages;
const REQUEST = /^\.(nr|ad|TH|SH|SS|TP|PP|IP|RS|RE|nf|fi|br)\b/;

it.each(pages.map((page) => [/^\.TH \S+/m.exec(page)?.[0], page]))("%s has only known requests", (_, page) => {
  for (const line of page.split("\n")) if (/^[.']/.test(line)) expect(line).toMatch(REQUEST);
  expect(page.match(/^\.RS/gm)?.length).toBe(page.match(/^\.RE/gm)?.length);
  expect(page.match(/^\.nf/gm)?.length ?? 0).toBe(page.match(/^\.fi/gm)?.length ?? 0);
});

describe("hsflowd(8)", () => {
  it("has every flag and every command", () => {
    for (const { name } of flags) expect(agent).toContain(escapeText(`--${name}`));
    for (const { usage } of commandList) expect(agent).toContain(escapeText(`hsflowd ${usage}`));
  });
});

describe("hsflowd.conf(5)", () => {
  it("has every key of the agent, and every block with every key", () => {
    for (const [key, { shownKey }] of Object.entries(sflowOptions)) {
      expect(configuration).toContain(escapeText(`${shownKey ?? key} = `));
    }
    for (const { keyword, options } of modules) {
      const [, after = ""] = configuration.split(`.SH "${keyword?.toUpperCase()} { }"\n`);
      const block = after.split("\n.SH")[0] ?? "";
      for (const key of Object.keys(options)) expect(block, `${keyword} ${key}`).toContain(escapeText(key));
    }
  });

  it("has the text of the READMEs before and after their tables", () => {
    expect(configuration).toContain('.SS "Which interfaces"');
    expect(configuration).toContain(".IP \\(bu 2\n\\fBtaps\\fR: interfaces that are sampled now");
  });
});

it.each([...agentExamples])("example: $purpose", async ({ lines }) => {
  for (const line of lines) {
    const [program, ...words] = line.split(" ");
    expect(program).toBe("hsflowd");
    expect(await parseArguments(words), line).not.toMatchObject({ command: "usage" });
  }
});

it.each([...configurationExamples])("example: $purpose", ({ lines }) => {
  const { problems } = readConfiguration(lines.join("\n"), modules);
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
});

it("breaks text after a sentence and at 80 bytes, but not code", () => {
  const long = Array.from({ length: 20 }, (_, i) => `word${i}`).join(" ");
  const lines = page(["One (two). Three 5\u00a0µs.", ".nf", long, ".fi", long, ".PP", ".SH X", ".PP", "end"]).split(
    "\n",
  );
  expect(lines.slice(0, 5)).toEqual(["One (two).", "Three 5\\~\\[u00B5]s.", ".nf", long, ".fi"]);
  expect(lines.slice(5, 7).join(" ")).toBe(long);
  expect(lines.slice(7)).toEqual([".SH X", "end", ""]);
});

it("converts all Markdown to requests", () => {
  const markdown = "## A b\n\nOne `--x` and\n[two](there).\n\n```\n.conf \\d\n```\n- three\n  goes on\n- **four**\n";
  expect(fromMarkdown(markdown, () => [])).toEqual([
    '.SS "A b"',
    ...[".PP", "One \\fB\\-\\-x\\fR and", "two."],
    ...[".RS 4", ".nf", "\\&.conf \\ed", ".fi", ".RE"],
    ...[".IP \\(bu 2", "three", "goes on", ".IP \\(bu 2", "\\fBfour\\fR"],
  ]);
});
