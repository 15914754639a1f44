// One setting of a block: its type, range, default and one line of help. The parser, the check and the manual read the
// same table.

/** What is wrong with a value, in words that end a sentence: "a whole number from 1 to 65535". */
export class ValueError extends Error {
  override name = "ValueError";
  readonly expected: string;
  /** What was probably meant, spelled as the file would have it. */
  readonly nearest: string | undefined;

  constructor(expected: string, nearest?: string) {
    super(`expected ${expected}`);
    this.expected = expected;
    this.nearest = nearest;
  }
}

/**
 * Where files of today have a setting: given in the old place, it counts there. Without a key the block itself says it.
 */
export interface Moved {
  readonly block: string;
  readonly key?: string;
}

export interface Option<T> {
  /** As the manual prints it: `integer 0-300`, `on|off`. */
  readonly type: string;
  readonly help: string;
  readonly default: T;
  /** The default as the file would spell it, or an example where nothing is the default. */
  readonly shown: string;
  /** A key that the table spells with `.*`, as a file might. */
  readonly shownKey?: string;
  /** The block is an error without it. */
  readonly required?: true;
  /** Older spellings, accepted with a note. */
  readonly aliases?: readonly string[];
  /** Given more than once it accumulates: T is then a list or a map. Otherwise the last one wins. */
  readonly repeat?: true;
  /** Accepted for compatibility and without effect; says why. The check repeats it. */
  readonly ignored?: string;
  readonly moved?: Moved;
  /** The option is a block of its own, `port { dev=NAME }`, and T the list of them. `read` is then never called. */
  readonly block?: Options<Record<string, unknown>>;
  /**
   * The value of one occurrence, given what came before. Throws ValueError. `suffix` is what follows the dot
   * where the table spells the key `sampling.*`.
   */
  read(text: string, before: T, suffix: string): T;
  /** A word of warning about a value that is valid and hardly meant. */
  note?(text: string, suffix: string): string | undefined;
}

/** Keys are spelled as in the file: `udpport`, `dev.pattern`. `sampling.*` stands for every key with that beginning. */
export type Options<C> = { readonly [K in keyof C]: Option<C[K]> };

/**
 * The values of a table of options, inferred from the table: `ValuesOf<typeof options>`. A block declares each key
 * once, and no interface beside it can disagree.
 */
export type ValuesOf<O> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never };

/** What each table says for itself; the type of the option adds the rest. */
export interface About<D> {
  readonly help: string;
  readonly default: D;
  /** For the sample file, where the default is no value. */
  readonly example?: string;
  readonly required?: true;
  readonly aliases?: readonly string[];
  readonly ignored?: string;
  readonly moved?: Moved;
}

/** An option whose value does not depend on what came before. `show` spells a default that is not undefined. */
export function option<T, D>(
  type: string,
  { example, ...about }: About<D>,
  read: (text: string) => T,
  show: (value: D) => string = String,
): Option<T | D> {
  const shown = about.default === undefined ? (example ?? "") : show(about.default);
  return { type, ...about, shown: example ?? shown, read: (text) => read(text) };
}

/** Returns the option for blocks inside a block, `port { dev=NAME }`, that may be given several times. */
export function nested<O extends Options<Record<string, unknown>>>(
  help: string,
  block: O,
): Option<readonly ValuesOf<O>[]> {
  return { type: "block", help, default: [], shown: "", repeat: true, block, read: (_, before) => before };
}
