// Parses random and broken texts: parsing ends, never throws, and reports each problem with a position in the text.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { allNames, find } from "../../agent/config/block.ts";
import { formatProblems, type Problem } from "../../agent/config/error.ts";
import { linesOf } from "../../agent/config/token.ts";
import { nearestName } from "../../agent/config/unknown.ts";
import { modules } from "../../agent/modules/index.ts";
import { readConfiguration, sflowType } from "../../agent/run/configuration.ts";
import { seededRandom } from "../seeded-random.ts";
import { mistype, mutate } from "./mutate.ts";

const FOLDER = "test/fixtures/conf";
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".conf"));
const texts = files.map((name) => readFileSync(`${FOLDER}/${name}`, "utf8"));

function hasPlace(lines: readonly string[], { at }: Problem): boolean {
  const line = lines[at.line - 1];
  return line !== undefined && at.column >= 1 && at.column <= line.length + 1 && at.length >= 1;
}

function inspect(text: string): void {
  const { configuration, problems } = readConfiguration(text, modules);
  expect(configuration === undefined).toBe(problems.some(({ severity }) => severity === "error"));
  const lines = linesOf(text);
  const lost = problems.filter((problem) => !hasPlace(lines, problem));
  expect(lost, JSON.stringify(text)).toEqual([]);
  expect(formatProblems("x", text, problems).includes("\u001b")).toBe(false);
}

/** Set FUZZ_ROUNDS for a longer run; 100,000 rounds have passed. */
const ROUNDS = Number(process.env["FUZZ_ROUNDS"] ?? 1000);

describe("parses to the end", () => {
  it("random bytes", () => {
    const { below } = seededRandom(1);
    for (let i = 0; i < 300; i++) {
      const bytes = Uint8Array.from({ length: below(200) }, () => below(256));
      inspect(Buffer.from(bytes).toString(i % 2 === 0 ? "utf8" : "latin1"));
    }
  });

  it("valid and broken files with random changes", () => {
    const { below } = seededRandom(2);
    for (let i = 0; i < ROUNDS; i++) {
      let text = texts[below(texts.length)] ?? "";
      for (let times = 1 + below(4); times > 0; times--) text = mutate(text, below);
      inspect(text);
    }
  });

  it.each([
    ["opening braces", "{".repeat(20_000)],
    ["nested blocks", `sflow {${"pcap {".repeat(4_000)}`],
    ["closing braces", `sflow {${"}".repeat(20_000)}`],
    ["quotes", `sflow { agent=${'"'.repeat(20_001)}`],
    ["one long word", `sflow { ${"x".repeat(200_000)}=1 }`],
    ["many wrong words", `sflow { ${"wrong word ".repeat(1_000)} }`],
    ["many separators", `sflow { ${"= ; ".repeat(50_000)} }`],
    ["a long pattern", `sflow { pcap { dev.pattern="${"(a*)*".repeat(2_000)}" } }`],
    ["many rates", `sflow { ${Array.from({ length: 1000 }, (_, i) => `sampling.a${i}=${i}`).join(" ")} }`],
  ])("a file of nothing but %s", (_, text) => inspect(text));
});

describe("a mistyped word", () => {
  const root = sflowType(modules);
  const types = [root, ...(root.blocks ?? [])];

  it("gets the right suggestion nine times in ten", () => {
    const { below } = seededRandom(3);
    let [tried, right] = [0, 0];
    for (const type of types) {
      for (const name of allNames(type).filter((word) => word.length > 2 && !word.endsWith(".*"))) {
        for (let i = 0; i < 8; i++) {
          const word = mistype(name, below);
          if (find(type, word) !== undefined) continue;
          tried++;
          const isBlock = type.blocks?.some(({ keyword }) => keyword === name) ?? false;
          right += nearestName(type, word, isBlock) === name ? 1 : 0;
        }
      }
    }
    expect(tried).toBeGreaterThan(800);
    expect(right / tried).toBeGreaterThan(0.9);
  });
});
