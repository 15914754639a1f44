// A kind of block, `collector { }`, and a block as read. Words are looked up here in any case.

import type { Option, Options } from "./option.ts";
import type { Span } from "./token.ts";

export interface BlockType {
  readonly keyword: string;
  readonly options: Options<Record<string, unknown>>;
  readonly blocks?: readonly BlockType[];
  /** Given several times, each counts. Otherwise the last one does. */
  readonly many?: true;
}

/** One occurrence of a key that counts, as the file has it. */
export interface Written {
  /** What follows the dot where the table spells the key `sampling.*`. */
  readonly suffix: string;
  readonly text: string;
  readonly at: Span;
}

export interface Block {
  readonly type: BlockType;
  readonly at: Span;
  /** Every key of the type, by its name in the table. */
  readonly values: Record<string, unknown>;
  /** Where keys were given, well or badly. */
  readonly given: Map<string, Span>;
  /** By key, in file order: one, or each where the option repeats. Nothing for a default. */
  readonly written: Map<string, readonly Written[]>;
  readonly blocks: Block[];
  /** Blocks that are the value of an option. */
  readonly inner: Block[];
}

export interface FoundOption {
  readonly kind: "option";
  readonly key: string;
  readonly option: Option<unknown>;
  /** What follows the dot where the key ends in `.*`. */
  readonly suffix: string;
}

export type Found = FoundOption | { readonly kind: "block"; readonly type: BlockType };

export function newBlock(type: BlockType, at: Span): Block {
  const defaults = Object.entries(type.options).map(([key, option]) => [key, option.default]);
  return {
    type,
    at,
    values: Object.fromEntries(defaults),
    given: new Map(),
    written: new Map(),
    blocks: [],
    inner: [],
  };
}

const same = (a: string, b: string): boolean => a.length === b.length && a.toLowerCase() === b.toLowerCase();

const isPattern = (key: string): boolean => key.endsWith(".*");

/** What follows `sampling.` where the key is `sampling.*`; undefined where the word is another. */
function suffixOf(key: string, word: string): string | undefined {
  const length = key.length - 1;
  const fits = isPattern(key) && word.length > length && same(key.slice(0, length), word.slice(0, length));
  return fits ? word.slice(length) : undefined;
}

const asFound = (key: string, option: Option<unknown>, suffix: string): Found =>
  option.block === undefined
    ? { kind: "option", key, option, suffix }
    : { kind: "block", type: { keyword: key, options: option.block, many: true } };

/** A key, an alias or a block of `type`; a key spelled out in the table goes before one that ends in `.*`. */
export function find(type: BlockType, word: string): Found | undefined {
  for (const [key, option] of Object.entries(type.options)) {
    if (same(key, word) || option.aliases?.some((alias) => same(alias, word))) return asFound(key, option, "");
  }
  const block = type.blocks?.find(({ keyword }) => same(keyword, word));
  if (block !== undefined) return { kind: "block", type: block };
  for (const [key, option] of Object.entries(type.options)) {
    const suffix = suffixOf(key, word);
    if (suffix !== undefined) return asFound(key, option, suffix);
  }
  return undefined;
}

export const blockNames = ({ options, blocks = [] }: BlockType): string[] => [
  ...Object.keys(options).filter((key) => options[key]?.block !== undefined),
  ...blocks.map(({ keyword }) => keyword),
];

/** What a new file would use: nothing that is ignored or has moved. */
export const keyNames = ({ options }: BlockType): string[] =>
  Object.entries(options).flatMap(([key, { block, ignored, moved }]) =>
    block === undefined && ignored === undefined && moved === undefined ? [key] : [],
  );

/** Every spelling that `find` knows. */
export const allNames = (type: BlockType): string[] => [
  ...keyNames(type),
  ...blockNames(type),
  ...Object.entries(type.options).flatMap(([key, { aliases = [] }]) => [key, ...aliases]),
];

/** The types in and below `root` that have `word` as a key or a block of their own. */
export function homesOf(root: BlockType, word: string): BlockType[] {
  const below = (root.blocks ?? []).flatMap((block) => homesOf(block, word));
  return find(root, word) === undefined ? below : [root, ...below];
}
