// hsflowd.conf text as words and braces, each with its place. Blanks, `=` and `;` separate, `#` begins a comment, `"`
// quotes.

/** Line and column count from 1, in characters; `length` is what to underline. */
export interface Span {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

export interface Token {
  readonly kind: "word" | "{" | "}" | "end";
  /** Without its quotes. */
  readonly text: string;
  readonly at: Span;
  /** A `=` stands between the token before and this one. */
  readonly assigned: boolean;
  /** "open": the closing quote is missing on its line. */
  readonly quoted: "no" | "yes" | "open";
}

const SEPARATORS = " \t=;";
const PLAIN = /[^ \t=;{}#]+/y;
/** hsflowd leaves a pair of quotes inside quotes as one; there is no other escape. */
const QUOTED = /"((?:[^"]|"")*)"/y;

/** LF, CR and CRLF each end a line; a byte order mark is no part of the first. */
export const linesOf = (text: string): string[] => text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);

function matchAt(pattern: RegExp, line: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(line);
}

/** What begins at `at`, which is no separator and no comment. */
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

/** Always ends with a token of kind "end". */
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
