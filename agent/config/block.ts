// The type of a block such as `collector { }`, a block as parsed, and the look-up of its keys in any case of letters.

import type { Option, Options } from "./option.ts";
import type { Span } from "./token.ts";

export interface BlockType {
  readonly keyword: string;
  readonly options: Options<Record<string, unknown>>;
  readonly blocks?: readonly BlockType[];
  /** The block may be given several times. Otherwise the last one overrides the others. */
  readonly many?: true;
}

/** One occurrence of a key that takes effect, as written in the file. */
export interface Written {
  /** The part after the dot if the table spells the key `sampling.*`; else empty. */
  readonly suffix: string;
  readonly text: string;
  readonly at: Span;
}

export interface Block {
  readonly type: BlockType;
  readonly at: Span;
  /** The value of every key of the type, by its name in the table. */
  readonly values: Record<string, unknown>;
  /** The position of every key in the file, whether its value is valid or not. */
  readonly given: Map<string, Span>;
  /** The occurrences by key, in file order: several if the option repeats. A default has no entry. */
  readonly written: Map<string, readonly Written[]>;
  readonly blocks: Block[];
  /** Blocks that are the value of an option, as `port { }` in `opx { }`. */
  readonly inner: Block[];
}

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

/** Returns the part of the word after `sampling.` for the key `sampling.*`, or undefined for any other word. */
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

/** Returns the keys that a new file would use: none that is ignored or has moved. */
export const keyNames = ({ options }: BlockType): string[] =>
  Object.entries(options).flatMap(([key, { block, ignored, moved }]) =>
    block === undefined && ignored === undefined && moved === undefined ? [key] : [],
  );

/** Returns every spelling that `find` accepts. */
export const allNames = (type: BlockType): string[] => [
  ...keyNames(type),
  ...blockNames(type),
  ...Object.entries(type.options).flatMap(([key, { aliases = [] }]) => [key, ...aliases]),
];

/** Returns the block types in and below `root` that have `word` as a key or as a block. */
export function typesWith(root: BlockType, word: string): BlockType[] {
  const below = (root.blocks ?? []).flatMap((block) => typesWith(block, word));
  return find(root, word) === undefined ? below : [root, ...below];
}
