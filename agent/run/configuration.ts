// Reads hsflowd.conf: returns the values of sflow { } and of every block, or all problems of the file.

import type { Block, BlockType } from "../config/block.ts";
import { hasErrors, type Problem, sortProblems } from "../config/error.ts";
import { applyOldKeys } from "../config/moved.ts";
import type { ValuesOf } from "../config/option.ts";
import { type Parsed, parsing } from "../config/parse.ts";
import { finish, type Steps } from "../config/steps.ts";
import type { ListedModule } from "../modules/index.ts";
import type { Module } from "../modules/module.ts";
import { type SflowConfig, sflowOptions } from "../settings/sflow-block.ts";
import { samplesNothing, sendsNothing } from "./outcome.ts";

/** A valid configuration: the values of sflow { } and of all blocks in it. */
export interface Configuration {
  readonly sflow: SflowConfig;
  /** Values of the blocks by keyword, in file order. If a block may not repeat, only its last occurrence is here. */
  readonly blocks: ReadonlyMap<string, readonly unknown[]>;
  /** The block that discovered the value of a key, such as dns-sd. Maps keys of sflow { } in lower case to keywords. */
  readonly origins?: ReadonlyMap<string, string>;
}

/** The result of reading hsflowd.conf. */
export interface ConfigurationRead {
  /** Undefined if the file has errors. */
  readonly configuration: Configuration | undefined;
  /** All problems, in the order of the file. */
  readonly problems: readonly Problem[];
}

type Modules = readonly ListedModule[];

const sflowTypes = new WeakMap<Modules, BlockType>();

/** Returns the type of the outermost block, sflow { }: the agent's own keys, and a block for each module. */
export function sflowType(modules: Modules): BlockType {
  const type = sflowTypes.get(modules) ?? {
    keyword: "sflow",
    options: sflowOptions,
    blocks: modules.flatMap(({ keyword, ...module }) => (keyword === null ? [] : [{ keyword, ...module }])),
  };
  sflowTypes.set(modules, type);
  return type;
}

/** Returns the values of a module's blocks, in file order. */
export const blocksOf = <O>(
  { blocks }: Configuration,
  { keyword }: Pick<Module<O>, "keyword" | "options">,
): readonly ValuesOf<O>[] => (blocks.get(keyword ?? "") ?? []) as readonly ValuesOf<O>[];

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

function blocksByKeyword({ blocks }: Block): Map<string, unknown[]> {
  const lists = new Map<string, unknown[]>();
  for (const { type, values } of blocks) {
    const list = lists.get(type.keyword);
    if (list === undefined) lists.set(type.keyword, [values]);
    else list.push(values);
  }
  return lists;
}

/** The blocks of the file, each with its module. */
type Described = readonly { readonly block: Block; readonly module: ListedModule }[];

function describe(sflow: Block, modules: Modules): Described {
  const byKeyword = new Map(modules.map((module) => [module.keyword, module]));
  return sflow.blocks.flatMap((block) => {
    const module = byKeyword.get(block.type.keyword);
    return module === undefined ? [] : [{ block, module }];
  });
}

const bringsCollectors = ({ withCollectors, findsCollectors }: ListedModule): boolean =>
  withCollectors !== undefined || findsCollectors === true;

function checkCollectors(sflow: Block, described: Described): Problem[] {
  if (!described.some(({ module }) => bringsCollectors(module)))
    return [problem("error", sflow, "no collector is configured", "add collector { ip = ADDRESS }")];
  const [first, ...others] = described.filter(({ module }) => module.findsCollectors);
  const both = (keyword: string): string => `${keyword} { } and ${first?.block.type.keyword} { } both find collectors`;
  return others.map(({ block }) => problem("error", block, both(block.type.keyword), "keep only one of them"));
}

/** Reports blocks that use the same port or netlink group: only the first of them could open it. */
function checkHeld(described: Described): Problem[] {
  const holders = new Map<string, Block>();
  return described.flatMap(({ block, module }) => {
    if (module.load === undefined) return [];
    return (module.holds?.(block.values) ?? []).flatMap((held) => {
      const holder = holders.get(held);
      holders.set(held, holder ?? block);
      if (holder === undefined) return [];
      const message = `${held} is already used by ${holder.type.keyword} { } on line ${holder.at.line}`;
      return [problem("error", block, message, "only one block can use it: change or remove one of the two")];
    });
  });
}

/** Reports blocks whose values are not allowed together. */
const checkValues = (described: Described): Problem[] =>
  described.flatMap(({ block, module }) => {
    const found = module.load && module.invalid?.(block.values);
    return found === undefined ? [] : [problem("error", block, found.message, found.remedy)];
  });

/** Warns about blocks that repeat another of their kind. */
function checkRepeated(described: Described, modules: Modules): Problem[] {
  return modules.flatMap((module) => {
    const blocks = described.filter((one) => one.module === module).map(({ block }) => block);
    const repeats = module.repeats?.(blocks.map(({ values }) => values)) ?? [];
    return repeats.map(({ block, other, message, remedy }) =>
      problem("warning", blocks[block] as Block, `${message} line ${blocks[other]?.at.line}`, remedy),
    );
  });
}

/** Returns one warning for all blocks that are not implemented. A file shared by many switches may have several. */
function checkBuilt(described: Described): Problem[] {
  const unbuilt = described.filter(({ module }) => module.load === undefined);
  const names = [...new Set(unbuilt.map(({ block }) => `${block.type.keyword} { }`))].join(", ");
  const [first] = unbuilt;
  if (first === undefined) return [];
  const sends = described.some(({ module }) => bringsCollectors(module) && module.load !== undefined);
  const remedy = sends
    ? "everything else in this file works"
    : "no collector is configured: add collector { ip = ADDRESS }";
  return [problem("warning", first.block, `not implemented yet, ignored: ${names}`, remedy)];
}

/** Warns about collectors that cannot be reached, and about a file in which nothing is sampled, or nothing is sent. */
function checkOutcome(sflow: Block, described: Described, modules: Modules): Problem[] {
  const warning = (at: Block, message: string, remedy?: string): Problem => ({
    ...{ severity: "warning", at: at.at, message },
    ...(remedy === undefined ? {} : { remedy }),
  });
  const judged = { sflow: sflow.values as unknown as SflowConfig, blocks: blocksByKeyword(sflow) };
  const lack = sendsNothing(judged, modules) ?? samplesNothing(judged, modules);
  const unreachable = described.flatMap(({ block, module }) => {
    const why = module.unreachable?.(block.values);
    return why === undefined ? [] : [warning(block, `nothing is sent to this collector: ${why}`)];
  });
  return [...unreachable, ...(lack === undefined ? [] : [warning(sflow, lack.message, lack.remedy)])];
}

/** Tells whether the text is hsflowd.auto, which the agent writes and does not read. */
const isAutoFile = (text: string): boolean => /^rev_start=\d+\r?$/m.test(text);

function* findingProblems(text: string, parsed: Parsed, modules: Modules): Steps<readonly Problem[]> {
  const { block, found, problems } = parsed;
  if (!found && isAutoFile(text)) {
    const remedy = "check hsflowd.conf instead";
    return [problem("error", problems[0] ?? block, "this is hsflowd.auto, which the agent writes", remedy)];
  }
  if (!found) return problems;
  yield;
  const old = applyOldKeys(block);
  yield;
  const described = describe(block, modules);
  const blocks = [...checkCollectors(block, described), ...checkHeld(described), ...checkValues(described)];
  const all = [...problems, ...old, ...blocks];
  if (hasErrors(all)) return sortProblems(all);
  yield;
  const repeated = checkRepeated(described, modules);
  return sortProblems([...all, ...repeated, ...checkBuilt(described), ...checkOutcome(block, described, modules)]);
}

/** The result of reading hsflowd.conf, with the position of each value in the file. */
export interface BlocksRead {
  /** sflow { } with its blocks and all defaults; undefined if there are errors. */
  readonly block: Block | undefined;
  readonly problems: readonly Problem[];
}

/** Longest file in characters. */
const LONGEST = 1024 * 1024;

function* readingBlocks(text: string, modules: Modules): Steps<BlocksRead> {
  if (text.length > LONGEST) {
    const at = { line: 1, column: 1, length: 1 };
    const remedy = "this is probably not a configuration";
    return {
      block: undefined,
      problems: [problem("error", { at }, `the file has more than ${LONGEST} characters`, remedy)],
    };
  }
  const parsed = yield* parsing(text, sflowType(modules));
  const problems = yield* findingProblems(text, parsed, modules);
  yield;
  return { block: hasErrors(problems) ? undefined : parsed.block, problems };
}

/** Reads the configuration, with the line and column of each value in the file. */
export const readBlocks = (text: string, modules: Modules): BlocksRead => finish(readingBlocks(text, modules));

/** Reads the configuration in steps. */
export function* readingConfiguration(text: string, modules: Modules): Steps<ConfigurationRead> {
  const { block, problems } = yield* readingBlocks(text, modules);
  if (block === undefined) return { configuration: undefined, problems };
  const sflow = block.values as unknown as SflowConfig;
  return { configuration: { sflow, blocks: blocksByKeyword(block) }, problems };
}

export const readConfiguration = (text: string, modules: Modules): ConfigurationRead =>
  finish(readingConfiguration(text, modules));
