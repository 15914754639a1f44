// Splits the text of hsflowd.conf into words and braces, each with its position. Blanks, `=` and `;` separate words,
// `#` begins a comment, and `"` quotes.

/** A position in the file. Line and column count from 1; column and length are in characters. */
export interface Span {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** A word or a brace of the file. */
export interface Token {
  readonly kind: "word" | "{" | "}" | "end";
  /** The text without its quotes. */
  readonly text: string;
  readonly at: Span;
  /** True if a `=` separates this token from the token before. */
  readonly assigned: boolean;
  /** "open": the closing quote is missing on its line. */
  readonly quoted: "no" | "yes" | "open";
}

/** Puts a value in quotes if the parser would otherwise split it. */
export const quoted = (value: string): string =>
  value !== "" && !/[\s=;{}#"]/.test(value) ? value : `"${value.replaceAll('"', '""')}"`;

const SEPARATORS = " \t=;";
const PLAIN = /[^ \t=;{}#]+/y;
/** In a quoted value `""` stands for one quote, as in hsflowd. There is no other escape. */
const QUOTED = /"((?:[^"]|"")*)"/y;

/** Splits a text into lines at LF, CR or CRLF. Removes a byte order mark. */
export const linesOf = (text: string): string[] => text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);

function matchAt(pattern: RegExp, line: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(line);
}

/** Reads the token that begins at `at`, where there is neither a separator nor a comment. */
function take(line: string, at: number): Pick<Token, "kind" | "text" | "quoted"> & { readonly length: number } {
  const char = line[at] ?? "";
  if (char === "{" || char === "}") return { kind: char, text: char, quoted: "no", length: 1 };
  const whole = char === '"' ? matchAt(QUOTED, line, at) : null;
  if (whole !== null) {
    return { kind: "word", text: (whole[1] ?? "").replaceAll('""', '"'), quoted: "yes", length: whole[0].length };
  }
  const word = matchAt(PLAIN, line, at)?.[0] ?? "";
  if (char === '"') return { kind: "word", text: word.slice(1), quoted: "open", length: word.length };
  return { kind: "word", text: word, quoted: "no", length: word.length };
}

/** Returns the tokens of a text. The last token is always of kind "end". */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const lines = linesOf(text);
  let assigned = false;
  for (const [i, line] of lines.entries()) {
    for (let at = 0; at < line.length && line[at] !== "#"; ) {
      if (SEPARATORS.includes(line[at] ?? "")) {
        assigned ||= line[at] === "=";
        at++;
        continue;
      }
      const { length, ...token } = take(line, at);
      tokens.push({ ...token, assigned, at: { line: i + 1, column: at + 1, length } });
      assigned = false;
      at += length;
    }
  }
  const last = { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1, length: 1 };
  tokens.push({ kind: "end", text: "", assigned, quoted: "no", at: last });
  return tokens;
}
