// The type of a block such as `collector { }`, a parsed block, and the case-insensitive look-up of its keys.

import type { Option, Options } from "./option.ts";
import type { Span } from "./token.ts";

/** The definition of a block: its name, its keys and the blocks that it may have inside. */
export interface BlockType {
  readonly keyword: string;
  readonly options: Options<Record<string, unknown>>;
  readonly blocks?: readonly BlockType[];
  /** The block may be given several times. Otherwise the last one overrides the others. */
  readonly many?: true;
}

/** A value as written in the file. Values that a later line overrides are left out. */
export interface Written {
  /** For a key that ends in `.*` in the option table, such as `sampling.*`: the part after the dot; else empty. */
  readonly suffix: string;
  readonly text: string;
  readonly at: Span;
}

/** A parsed block. */
export interface Block {
  readonly type: BlockType;
  readonly at: Span;
  /** The value of every key of the type, by its name in the option table. */
  readonly values: Record<string, unknown>;
  /** The position of every key that the file sets, even if the value is invalid. */
  readonly given: Map<string, Span>;
  /** The written values by key, in file order: several if the key may repeat. A key with its default has no entry. */
  readonly written: Map<string, readonly Written[]>;
  readonly blocks: Block[];
  /** Blocks that are the value of an option, such as `port { }` in `opx { }`. */
  readonly inner: Block[];
}

/** A key of a block, as `find` returns it. */
export interface OptionEntry {
  readonly kind: "option";
  readonly key: string;
  readonly option: Option<unknown>;
  /** The part after the dot if the key ends in `.*`; else empty. */
  readonly suffix: string;
}

export type Entry = OptionEntry | { readonly kind: "block"; readonly type: BlockType };

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

/** Returns `10G` for the key `sampling.*` and the word `sampling.10G`; undefined if the word does not match the key. */
function suffixOf(key: string, word: string): string | undefined {
  const length = key.length - 1;
  const fits = isPattern(key) && word.length > length && same(key.slice(0, length), word.slice(0, length));
  return fits ? word.slice(length) : undefined;
}

const entryOf = (key: string, option: Option<unknown>, suffix: string): Entry =>
  option.block === undefined
    ? { kind: "option", key, option, suffix }
    : { kind: "block", type: { keyword: key, options: option.block, many: true } };

/** Finds a key, an alias or a block of `type` by name. An exact key takes precedence over one that ends in `.*`. */
export function find(type: BlockType, word: string): Entry | undefined {
  for (const [key, option] of Object.entries(type.options)) {
    if (same(key, word) || option.aliases?.some((alias) => same(alias, word))) return entryOf(key, option, "");
  }
  const block = type.blocks?.find(({ keyword }) => same(keyword, word));
  if (block !== undefined) return { kind: "block", type: block };
  for (const [key, option] of Object.entries(type.options)) {
    const suffix = suffixOf(key, word);
    if (suffix !== undefined) return entryOf(key, option, suffix);
  }
  return undefined;
}

export const blockNames = ({ options, blocks = [] }: BlockType): string[] => [
  ...Object.keys(options).filter((key) => options[key]?.block !== undefined),
  ...blocks.map(({ keyword }) => keyword),
];

/** Returns the keys to recommend. Leaves out keys that are ignored, and keys that now belong in another block. */
export const keyNames = ({ options }: BlockType): string[] =>
  Object.entries(options).flatMap(([key, { block, ignored, moved }]) =>
    block === undefined && ignored === undefined && moved === undefined ? [key] : [],
  );

/** Returns all names that `find` accepts: keys, blocks, aliases and keys of older files. */
export const allNames = (type: BlockType): string[] => [
  ...keyNames(type),
  ...blockNames(type),
  ...Object.entries(type.options).flatMap(([key, { aliases = [] }]) => [key, ...aliases]),
];

/** Returns `root` and those block types inside it that have `word` as a key or as a block. */
export function typesWith(root: BlockType, word: string): BlockType[] {
  const below = (root.blocks ?? []).flatMap((block) => typesWith(block, word));
  return find(root, word) === undefined ? below : [root, ...below];
}
