// An option of a block: its type, range, default and one line of help. The parser, `hsflowd check` and the manual all
// use the tables of these options.

/** An invalid value. `expected` completes the sentence "expected ...": "a whole number from 1 to 65535". */
export class ValueError extends Error {
  override name = "ValueError";
  readonly expected: string;
  /** The valid value that the user probably meant, in the syntax of the file. */
  readonly nearest: string | undefined;
  /** Why the value is invalid, if `expected` does not show it. */
  readonly reason: string | undefined;

  constructor(expected: string, nearest?: string, reason?: string) {
    super(`expected ${expected}`);
    this.expected = expected;
    this.nearest = nearest;
    this.reason = reason;
  }
}

/** A warning about a value that is valid but probably not meant, or not written as it is read. */
export interface Note {
  readonly message: string;
  /** The way to write the value so that the warning goes and the meaning stays. */
  readonly remedy?: string;
  /** The value that was probably meant, if it is another one. */
  readonly nearest?: string;
}

/** The place where an option of older files belongs now. Without a key, adding the block replaces the option. */
export interface Moved {
  readonly block: string;
  readonly key?: string;
}

/** An option whose values have type T. */
export interface Option<T> {
  /** The type as the manual prints it: `integer 0-300`, `on|off`. */
  readonly type: string;
  readonly help: string;
  readonly default: T;
  /** The default as written in a file, or an example if the default is undefined. */
  readonly shown: string;
  /** An example such as `sampling.10G` for a key that ends in `.*`. */
  readonly shownKey?: string;
  /** The option must be set in each of its blocks. */
  readonly required?: true;
  /** Older spellings, accepted with a warning. */
  readonly aliases?: readonly string[];
  /** Words that users write for this key, suggested but not accepted. */
  readonly meantBy?: readonly string[];
  /** The option may be set several times, and T is a list or a map of all values. Otherwise the last value is used. */
  readonly repeat?: true;
  /** The option is accepted for compatibility and has no effect. The text says why; `hsflowd check` prints it. */
  readonly ignored?: string;
  readonly moved?: Moved;
  /** The option is an inner block, `port { dev=NAME }`, and T is the list of them. `read` is never called. */
  readonly block?: Options<Record<string, unknown>>;
  /**
   * Parses the text of a value. Returns the value. If the option may repeat, adds the value to `before` and returns
   * that; if `before` is the default, returns a new list or map. `suffix` is the part after the dot for a key such as
   * `sampling.*`. Throws ValueError.
   */
  read(text: string, before: T, suffix: string): T;
  /** Returns a warning about a value that `read` accepts. */
  note?(text: string, suffix: string): Note | undefined;
}

/** A table of options by key, spelled as in the file: `udpport`. `sampling.*` stands for all keys with that prefix. */
export type Options<C> = { readonly [K in keyof C]: Option<C[K]> };

/** The type of the values of a table of options, inferred from it: `ValuesOf<typeof options>`. */
export type ValuesOf<O> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never };

/** The fields of an option that a table of options sets. Functions such as `integer` and `onoff` add the others. */
export interface About<D> {
  readonly help: string;
  readonly default: D;
  /** The value that etc/hsflowd.conf shows if the default is undefined. */
  readonly example?: string;
  readonly required?: true;
  readonly aliases?: readonly string[];
  readonly meantBy?: readonly string[];
  readonly ignored?: string;
  readonly moved?: Moved;
}

/** Describes valid values of an option, to complete "expected": its error for an empty text, or else its type. */
export function expectedBy({ type, default: value, read }: Option<unknown>, suffix: string): string {
  try {
    read("", value, suffix);
  } catch (cause) {
    if (cause instanceof ValueError) return cause.expected;
  }
  return type;
}

/** Makes an option that does not repeat. `show` formats the default as in a file. */
export function option<T, D>(
  type: string,
  { example, ...about }: About<D>,
  read: (text: string) => T,
  show: (value: D) => string = String,
): Option<T | D> {
  const shown = about.default === undefined ? (example ?? "") : show(about.default);
  return { type, ...about, shown: example ?? shown, read: (text) => read(text) };
}

/** Makes an option for blocks inside a block, such as `port { dev=NAME }`, which may repeat. */
export function nested<O extends Options<Record<string, unknown>>>(
  help: string,
  block: O,
): Option<readonly ValuesOf<O>[]> {
  return { type: "block", help, default: [], shown: "", repeat: true, block, read: (_, before) => before };
}
