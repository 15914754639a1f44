// Bytes as string literals with escapes, as C, Go, Python and the shell write them. Wireshark copies such strings.

const ESCAPED = /\\(?:x[0-9a-f]|[0-7]|u00)/i;
const STRING = /(["'`])((?:\\.|(?!\1)[^\\])*)\1/g;
/** A line that has only strings, and what joins them or ends a statement. */
const CONTINUED = /^\s*(?:(?:[a-z]\w?)?(["'`])(?:\\.|(?!\1)[^\\])*\1[\s\\,;+)\]}]*)+$/i;
const CHARACTER = /\\(?:x([0-9a-f]{1,2})|u([0-9a-f]{4})|([0-7]{1,3})|(.))|([^\\]+)/gi;
/** Escapes that are not the character itself. */
const NAMED: Readonly<Record<string, string>> = {
  ...{ a: "\x07", b: "\b", e: "\x1b", f: "\f" },
  ...{ n: "\n", r: "\r", t: "\t", v: "\v" },
};

export class HexStrings {
  readonly #parts: Buffer[] = [];

  /** Begins with a line that has a string with escapes. */
  static begin(line: string): HexStrings | undefined {
    const strings = new HexStrings();
    return ESCAPED.test(line) && strings.#read(line) ? strings : undefined;
  }

  /** Adds a line. Returns false if the line has anything but strings. */
  accept(line: string): boolean {
    return CONTINUED.test(line) && this.#read(line);
  }

  bytes(): Uint8Array[] | undefined {
    return [new Uint8Array(Buffer.concat(this.#parts))];
  }

  #read(line: string): boolean {
    const strings = [...line.matchAll(STRING)];
    for (const [, , text = ""] of strings) this.#parts.push(unescaped(text));
    return strings.length > 0;
  }
}

function unescaped(text: string): Buffer {
  const parts = [...text.matchAll(CHARACTER)].map(([, hex, unicode, octal, name, plain]) => {
    if (plain !== undefined) return Buffer.from(plain);
    if (name !== undefined) return Buffer.from(NAMED[name] ?? name);
    return Buffer.of(octal === undefined ? Number.parseInt(hex ?? unicode ?? "", 16) : Number.parseInt(octal, 8));
  });
  return Buffer.concat(parts);
}
