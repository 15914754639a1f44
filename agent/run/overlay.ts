// The file with what blocks have found laid over it: rates and collectors from DNS, for one.

import { parseAddress } from "../config/address.ts";
import { type BlockType, find } from "../config/block.ts";
import { quote } from "../config/error.ts";
import { ValueError } from "../config/option.ts";
import { modules } from "../modules/index.ts";
import type { AllFound, Found, FoundCollector } from "../report/found.ts";
import { type SflowConfig, sflowOptions } from "../settings/sflow-block.ts";
import type { Configuration } from "./configuration.ts";

/** Keys that count from anywhere. What names the host or loads code stays the file's. */
const KEYS = [
  "sampling",
  "sampling.bps_ratio",
  "sampling.limit",
  "sampling.*",
  "polling",
  "polling.*",
  "headerBytes",
  "agent",
  "agentIP",
  "agent.cidr",
] as const;

const TYPE: BlockType = {
  keyword: "sflow",
  options: Object.fromEntries(KEYS.map((key) => [key, sflowOptions[key]])) as BlockType["options"],
};

/** Nothing that would be two words in the file, for it ends up in hsflowd.auto and in the log. */
const KEY_AND_VALUE = /^([\w.-]+)\s*=\s*([^\s\p{C}]+)$/u;

/** `sampling.1G=1000` as the key that is meant, what follows its dot, and the value. */
function take(line: string) {
  const [, word = "", text = ""] = KEY_AND_VALUE.exec(line.trim()) ?? [];
  const found = find(TYPE, word);
  return found?.kind === "option" ? { ...found, word, text } : undefined;
}

function complaint(line: string): string | undefined {
  if (!KEY_AND_VALUE.test(line.trim())) return "expected KEY=VALUE, both without blanks";
  const taken = take(line);
  if (taken === undefined) return "not a setting that may come from outside the file";
  if (taken.key === "agentIP" && parseAddress(taken.text) === undefined) return "expected an address, not a name";
  try {
    taken.option.read(taken.text, taken.option.default, taken.suffix);
    return undefined;
  } catch (error) {
    if (error instanceof ValueError) return error.message;
    throw error;
  }
}

const wordOf = (line: string): string => (line.split("=")[0] ?? "").trim().toLowerCase();

/** The lines that count, and what is wrong with the others, for which those of `before` count on. */
export function acceptSettings(lines: readonly string[], before: readonly string[]) {
  const accepted: string[] = [];
  const problems: string[] = [];
  for (const line of lines) {
    const wrong = complaint(line);
    if (wrong !== undefined) problems.push(`${quote(line)}: ${wrong}`);
    const kept = wrong === undefined ? line : before.find((other) => wordOf(other) === wordOf(line));
    if (kept !== undefined) accepted.push(kept);
  }
  return { accepted, problems };
}

/** Of a key that accumulates, what was found begins anew; rates by name are added to those of the file. */
function withSettings(sflow: SflowConfig, lines: readonly string[]): SflowConfig {
  const found: Record<string, unknown> = {};
  for (const taken of lines.map(take)) {
    if (taken === undefined) continue;
    const { key, option, suffix, text } = taken;
    const first = option.default instanceof Map ? sflow[key as keyof SflowConfig] : option.default;
    found[key] = option.read(text, key in found ? found[key] : first, suffix);
  }
  return { ...sflow, ...found };
}

/** Collectors that were found become further blocks of the kind that names collectors. */
function withCollectors(blocks: Configuration["blocks"], found: readonly FoundCollector[]): Configuration["blocks"] {
  const all = new Map(blocks);
  for (const { keyword, withCollectors } of modules) {
    if (keyword === null || withCollectors === undefined) continue;
    const given = withCollectors((blocks.get(keyword) ?? []) as readonly Record<string, unknown>[], found);
    if (given.length > 0) all.set(keyword, given);
  }
  return all;
}

function lay(
  { sflow, blocks, origins }: Configuration,
  source: string,
  { settings, collectors }: Found,
): Configuration {
  return {
    sflow: withSettings(sflow, settings),
    blocks: withCollectors(blocks, collectors),
    origins: new Map([...(origins ?? []), ...settings.map((line): [string, string] => [wordOf(line), source])]),
  };
}

/** The file's values stay where nothing was found. */
export const layOver = (configuration: Configuration, found: AllFound): Configuration =>
  Object.entries(found).reduce((below, [source, one]) => lay(below, source, one), configuration);
