// Applies settings and collectors that blocks discovered at run time, for example by DNS-SD, on top of the
// configuration of the file.

import { parseAddress } from "../config/address.ts";
import { type BlockType, find } from "../config/block.ts";
import { quote } from "../config/error.ts";
import { expectedBy, ValueError } from "../config/option.ts";
import { modules } from "../modules/index.ts";
import type { AllFound, Found, FoundCollector } from "../report/found.ts";
import { type SflowConfig, sflowOptions } from "../settings/sflow-block.ts";
import type { Configuration } from "./configuration.ts";

/** Settings that may be discovered. Settings of the identity and of code to load are accepted only in the file. */
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

/** Rejects blanks and control characters in a value, because the value is also written to hsflowd.auto and the log. */
const KEY_AND_VALUE = /^([\w.-]+)\s*=\s*([^\s\p{C}]+)$/u;

/** Parses `sampling.1G=1000` into key, suffix and value. Returns undefined if the key is not in KEYS. */
function parseSetting(line: string) {
  const [, word = "", text = ""] = KEY_AND_VALUE.exec(line.trim()) ?? [];
  const found = find(TYPE, word);
  return found?.kind === "option" ? { ...found, text } : undefined;
}

/**
 * Checks a discovered setting such as `sampling.1G=1000`. Returns the problem; undefined if the setting is valid. A
 * value such as `5OO`, which is read as 5, is accepted only in the file, where a person sees the warning.
 */
function problemOf(line: string): string | undefined {
  if (!KEY_AND_VALUE.test(line.trim())) return "expected KEY=VALUE without blanks";
  const setting = parseSetting(line);
  if (setting === undefined) return "this setting is accepted only in hsflowd.conf";
  if (setting.key === "agentIP" && parseAddress(setting.text) === undefined) return "expected an address, not a name";
  const { option, text, suffix } = setting;
  try {
    option.read(text, option.default, suffix);
    return option.note?.(text, suffix)?.remedy && `expected ${expectedBy(option, suffix)}`;
  } catch (error) {
    if (error instanceof ValueError) return error.message;
    throw error;
  }
}

const keyOf = (line: string): string => (line.split("=")[0] ?? "").trim().toLowerCase();

/**
 * Checks the discovered settings in `lines`. Returns the valid settings, and a message for each invalid one. If the new
 * setting of a key is invalid, the key keeps its previous setting, which is in `before`.
 */
export function acceptSettings(lines: readonly string[], before: readonly string[]) {
  const accepted: string[] = [];
  const problems: string[] = [];
  for (const line of lines) {
    const problem = problemOf(line);
    if (problem !== undefined) problems.push(`${quote(line)}: ${problem}`);
    const kept = problem === undefined ? line : before.find((other) => keyOf(other) === keyOf(line));
    if (kept !== undefined) accepted.push(kept);
  }
  return { accepted, problems };
}

/**
 * Applies settings. A rate such as `sampling.10G` is added to the rates of the file. For any other key that may repeat,
 * the discovered list replaces the list of the file.
 */
function withSettings(sflow: SflowConfig, lines: readonly string[]): SflowConfig {
  const found: Record<string, unknown> = {};
  for (const setting of lines.map(parseSetting)) {
    if (setting === undefined) continue;
    const { key, option, suffix, text } = setting;
    const ofFile = sflow[key as keyof SflowConfig];
    const first = ofFile instanceof Map ? new Map(ofFile) : option.default;
    found[key] = option.read(text, key in found ? found[key] : first, suffix);
  }
  return { ...sflow, ...found };
}

/** Adds a block for each discovered collector, as if the file had further collector { } blocks. */
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
    origins: new Map([...(origins ?? []), ...settings.map((line): [string, string] => [keyOf(line), source])]),
  };
}

/**
 * Returns the configuration with the discovered settings and collectors applied on top. If two sources set the same
 * key, the later one in `found` overrides the earlier one.
 */
export const layOver = (configuration: Configuration, found: AllFound): Configuration =>
  Object.entries(found).reduce((below, [source, one]) => lay(below, source, one), configuration);
