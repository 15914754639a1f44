// Loads the code of the blocks in a configuration, and pairs it with their values.

import { type ListedModule, modules } from "../modules/index.ts";
import type { ModuleCode } from "../modules/module.ts";
import { blocksOf, type Configuration } from "./configuration.ts";

type Blocks = readonly Record<string, unknown>[];

/** Returns the values for the code of a module: those of its block, or a list in file order if the block may repeat. */
export const givenTo = ({ many }: ListedModule, blocks: Blocks): unknown => (many ? blocks : blocks.at(-1));

/** Returns the configuration blocks of a module: an empty block for a module that always runs and has no block. */
export const blocksFor = (configuration: Configuration, module: ListedModule): Blocks =>
  module.keyword === null ? [{}] : (blocksOf(configuration, module) as Blocks);

export interface GivenCode {
  readonly code: ModuleCode<unknown>;
  readonly given: unknown;
}

/** Loads the code of the wanted blocks in the configuration. Skips blocks that are not implemented. */
export async function codeOf(
  configuration: Configuration,
  isWanted: (module: ListedModule) => boolean,
): Promise<readonly GivenCode[]> {
  const found: GivenCode[] = [];
  for (const module of modules) {
    const blocks = blocksFor(configuration, module);
    if (blocks.length === 0 || module.load === undefined || !isWanted(module)) continue;
    found.push({ code: await module.load(), given: givenTo(module, blocks) });
  }
  return found;
}
