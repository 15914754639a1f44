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
  /**
   * The written values by key, in file order: several if the key may repeat. A key that ends in `.*` in the option
   * table has one entry for each suffix, `sampling.10G`. A key with its default has no entry.
   */
  readonly written: Map<string, Written[]>;
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

/** The words of a block type in lower case: the names of keys and blocks, and what keys that end in `.*` begin with. */
interface Words {
  readonly names: ReadonlyMap<string, Entry>;
  readonly beginnings: ReadonlyMap<string, OptionEntry>;
}

const wordsOf = new WeakMap<BlockType, Words>();

const entryOf = (key: string, option: Option<unknown>): Entry =>
  option.block === undefined
    ? { kind: "option", key, option, suffix: "" }
    : { kind: "block", type: { keyword: key, options: option.block, many: true } };

/** Lists the words once for each type, because a file may have many. Of two with the same name, the first is found. */
function makeWords({ options, blocks = [] }: BlockType): Words {
  const [names, beginnings] = [new Map<string, Entry>(), new Map<string, OptionEntry>()];
  const add = (name: string, entry: Entry): void => {
    if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), entry);
  };
  for (const [key, option] of Object.entries(options)) {
    const entry = entryOf(key, option);
    for (const name of [key, ...(option.aliases ?? [])]) add(name, entry);
    if (key.endsWith(".*") && entry.kind === "option") beginnings.set(key.slice(0, -1).toLowerCase(), entry);
  }
  for (const type of blocks) add(type.keyword, { kind: "block", type });
  return { names, beginnings };
}

/** Finds a key, an alias or a block of `type` by name. An exact key takes precedence over one that ends in `.*`. */
export function find(type: BlockType, word: string): Entry | undefined {
  const { names, beginnings } = wordsOf.get(type) ?? makeWords(type);
  if (!wordsOf.has(type)) wordsOf.set(type, { names, beginnings });
  const plain = word.toLowerCase();
  const exact = names.get(plain);
  if (exact !== undefined) return exact;
  const length = plain.indexOf(".") + 1;
  const entry = length === plain.length ? undefined : beginnings.get(plain.slice(0, length));
  return entry && { ...entry, suffix: word.slice(length) };
}

/** Returns the key under which `written` has a value: `sampling.10G` for `sampling.*` and its suffix. */
export const writtenKey = (key: string, suffix: string): string => (suffix === "" ? key : key.slice(0, -1) + suffix);

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
