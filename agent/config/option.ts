// One setting of a block: its type, range, default and one line of help. The parser, the check and the manual read the same table.

/** What is wrong with a value, in words that end a sentence: "a whole number from 1 to 65535". */
export class ValueError extends Error {
  override name = "ValueError";
  readonly expected: string;

  constructor(expected: string) {
    super(`expected ${expected}`);
    this.expected = expected;
  }
}

export interface Option<T> {
  /** As the manual prints it: `integer 0-300`, `on|off`. */
  readonly type: string;
  readonly help: string;
  readonly default: T;
  /** Older spellings, accepted with a note. */
  readonly aliases?: readonly string[];
  /** Given more than once it accumulates: T is then a list. Otherwise the last one wins. */
  readonly repeat?: true;
  /** Accepted for compatibility and without effect; the check says so. */
  readonly ignored?: string;
  /** The value of one occurrence, given what came before. Throws ValueError. */
  read(text: string, before: T): T;
}

/** Keys are spelled as in the file: `udpport`, `dev.pattern`. */
export type Options<C> = { readonly [K in keyof C]: Option<C[K]> };
