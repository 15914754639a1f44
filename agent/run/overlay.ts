// Lays settings and collectors that blocks have found, in DNS for example, over the configuration of the file.

import { parseAddress } from "../config/address.ts";
import { type BlockType, find } from "../config/block.ts";
import { quote } from "../config/error.ts";
import { ValueError } from "../config/option.ts";
import { modules } from "../modules/index.ts";
import type { AllFound, Found, FoundCollector } from "../report/found.ts";
import { type SflowConfig, sflowOptions } from "../settings/sflow-block.ts";
import type { Configuration } from "./configuration.ts";

/** Settings that a block may find. Identity and code loading are reserved to the file. */
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

/** Allows no blanks or control characters, because the value also goes to hsflowd.auto and to the log. */
const KEY_AND_VALUE = /^([\w.-]+)\s*=\s*([^\s\p{C}]+)$/u;

/** Parses `sampling.1G=1000` into key, suffix and value; undefined if it is not one of these settings. */
function parseSetting(line: string) {
  const [, word = "", text = ""] = KEY_AND_VALUE.exec(line.trim()) ?? [];
  const found = find(TYPE, word);
  return found?.kind === "option" ? { ...found, text } : undefined;
}

/** Returns what is wrong with a line; undefined if it is valid. */
function problemOf(line: string): string | undefined {
  if (!KEY_AND_VALUE.test(line.trim())) return "expected KEY=VALUE without blanks";
  const setting = parseSetting(line);
  if (setting === undefined) return "this setting is accepted only in the file";
  if (setting.key === "agentIP" && parseAddress(setting.text) === undefined) return "expected an address, not a name";
  try {
    setting.option.read(setting.text, setting.option.default, setting.suffix);
    return undefined;
  } catch (error) {
    if (error instanceof ValueError) return error.message;
    throw error;
  }
}

const keyOf = (line: string): string => (line.split("=")[0] ?? "").trim().toLowerCase();

/** Returns valid settings and problems. A key with an invalid line keeps its value from `before`. */
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
 * Applies settings. Rates by name are added to those of the file; any other repeatable key replaces the file's list.
 */
function withSettings(sflow: SflowConfig, lines: readonly string[]): SflowConfig {
  const found: Record<string, unknown> = {};
  for (const setting of lines.map(parseSetting)) {
    if (setting === undefined) continue;
    const { key, option, suffix, text } = setting;
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
    origins: new Map([...(origins ?? []), ...settings.map((line): [string, string] => [keyOf(line), source])]),
  };
}

/** Returns the configuration with everything found laid over it, in the order of the sources. */
export const layOver = (configuration: Configuration, found: AllFound): Configuration =>
  Object.entries(found).reduce((below, [source, one]) => lay(below, source, one), configuration);
