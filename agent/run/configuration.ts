// hsflowd.conf as the agent takes it: the values of sflow { } and of every block; or everything that is wrong with it.

import { type Block, type BlockType, newBlock } from "../config/block.ts";
import { hasErrors, type Problem, sortProblems } from "../config/error.ts";
import { type Parsed, parse } from "../config/parse.ts";
import type { Module } from "../modules/module.ts";
import { type SflowConfig, sflowOptions } from "../settings/sflow-block.ts";

export interface Configuration {
  readonly sflow: SflowConfig;
  /** Values by keyword, in file order; of a block that does not repeat, the last. */
  readonly blocks: ReadonlyMap<string, readonly unknown[]>;
  /** Keys of sflow { }, in lower case, that do not come from the file, and the block that found them. */
  readonly origins?: ReadonlyMap<string, string>;
}

export interface ConfigurationRead {
  /** Undefined where there are errors. */
  readonly configuration: Configuration | undefined;
  /** In the order of the file. */
  readonly problems: readonly Problem[];
}

type Modules = readonly Module<Record<string, unknown>>[];

/** Blocks that bring collectors with them; of these, only one may. */
const SOURCES = ["dns-sd", "eapi", "sonic"];

/** The outermost block: the agent's own keys, and a block for each module. */
export const sflowType = (modules: Modules): BlockType => ({
  keyword: "sflow",
  options: sflowOptions,
  blocks: modules.flatMap(({ keyword, ...module }) => (keyword === null ? [] : [{ keyword, ...module }])),
});

/** The values of a module's blocks, in file order. */
export const blocksOf = <C>(
  { blocks }: Configuration,
  { keyword }: Pick<Module<C>, "keyword" | "options">,
): readonly C[] => (blocks.get(keyword ?? "") ?? []) as readonly C[];

const problem = (
  severity: Problem["severity"],
  { at }: Pick<Problem, "at">,
  message: string,
  remedy: string,
): Problem => ({
  severity,
  at,
  message,
  remedy,
});

/** A key in its old place counts where the block is given and does not say it itself. */
function handOn(sflow: Block): void {
  for (const [key, { moved }] of Object.entries(sflow.type.options)) {
    const block = sflow.blocks.find(({ type }) => type.keyword === moved?.block);
    if (!sflow.given.has(key) || moved?.key === undefined || block?.given.has(moved.key) !== false) continue;
    block.values[moved.key] = sflow.values[key];
    block.written.set(moved.key, sflow.written.get(key) ?? []);
  }
}

/** `DNSSD = on` is the one key that stands for a whole block. */
function addDnsSd({ type, values, given, blocks }: Block): void {
  const dnsSd = type.blocks?.find(({ keyword }) => keyword === "dns-sd");
  const at = given.get("DNSSD");
  if (values["DNSSD"] !== true || dnsSd === undefined || at === undefined) return;
  if (!blocks.some((block) => block.type === dnsSd)) blocks.push(newBlock(dnsSd, at));
}

function blocksByKeyword({ blocks }: Block): Map<string, unknown[]> {
  const lists = new Map<string, unknown[]>();
  for (const { type, values } of blocks) lists.set(type.keyword, [...(lists.get(type.keyword) ?? []), values]);
  return lists;
}

const isCollector = ({ type }: Block): boolean => type.keyword === "collector" || SOURCES.includes(type.keyword);

function checkCollectors(sflow: Block): Problem[] {
  if (!sflow.blocks.some(isCollector)) {
    return [problem("error", sflow, "no collector", "give one: collector { ip = ADDRESS }")];
  }
  const [first, ...others] = sflow.blocks.filter(({ type }) => SOURCES.includes(type.keyword));
  const both = (other: Block): string =>
    `${other.type.keyword} { } and ${first?.type.keyword} { } both name collectors`;
  return others.map((other) => problem("error", other, both(other), "keep one of them"));
}

/** One warning for all, so that a file for many switches stays readable. */
function checkBuilt(sflow: Block, modules: Modules): Problem[] {
  const built = new Set(modules.filter(({ load }) => load !== undefined).map(({ keyword }) => keyword));
  const unbuilt = sflow.blocks.filter(({ type }) => !built.has(type.keyword));
  const names = [...new Set(unbuilt.map(({ type }) => `${type.keyword} { }`))].join(", ");
  const [first] = unbuilt;
  if (first === undefined) return [];
  const sends = sflow.blocks.some((block) => isCollector(block) && built.has(block.type.keyword));
  const remedy = sends ? "all else works without" : "nothing is sent before the file has a collector { ip = ADDRESS }";
  return [problem("warning", first, `without effect in this version: ${names}`, remedy)];
}

/** What hsflowd writes, taken for what it reads. */
const isAutoFile = (text: string): boolean => /^rev_start=\d+\r?$/m.test(text);

function problemsOf(text: string, { block, found, problems }: Parsed, modules: Modules): readonly Problem[] {
  if (!found && isAutoFile(text)) {
    const remedy = "the configuration is hsflowd.conf";
    return [problem("error", problems[0] ?? block, "this is hsflowd.auto, which the agent writes", remedy)];
  }
  if (!found) return problems;
  const all = [...problems, ...checkCollectors(block)];
  return sortProblems(hasErrors(all) ? all : [...all, ...checkBuilt(block, modules)]);
}

export interface BlocksRead {
  /** sflow { } with everything in it and every default; undefined where there are errors. */
  readonly block: Block | undefined;
  readonly problems: readonly Problem[];
}

/** The configuration with the place in the file that each value comes from. */
export function readBlocks(text: string, modules: Modules): BlocksRead {
  const parsed = parse(text, sflowType(modules));
  addDnsSd(parsed.block);
  const problems = problemsOf(text, parsed, modules);
  if (hasErrors(problems)) return { block: undefined, problems };
  handOn(parsed.block);
  return { block: parsed.block, problems };
}

export function readConfiguration(text: string, modules: Modules): ConfigurationRead {
  const { block, problems } = readBlocks(text, modules);
  if (block === undefined) return { configuration: undefined, problems };
  const sflow = block.values as unknown as SflowConfig;
  return { configuration: { sflow, blocks: blocksByKeyword(block) }, problems };
}
