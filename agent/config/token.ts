// Splits the text of hsflowd.conf into words and braces, each with its position. Blanks, `=` and `;` separate words,
// `#` begins a comment, and `"` quotes.

import { finish, type Steps } from "./steps.ts";

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

/** In a quoted value `""` stands for one quote, as in hsflowd. There is no other escape. */
const QUOTED = /"((?:[^"]|"")*)"/y;

/** Yields the lines of a text, which end in LF, CR or CRLF. Removes a byte order mark. */
export function* eachLine(text: string): Generator<string, void> {
  const end = /\r\n|\r|\n/g;
  let from = text.startsWith("\uFEFF") ? 1 : 0;
  end.lastIndex = from;
  for (let match = end.exec(text); match !== null; match = end.exec(text)) {
    yield text.slice(from, match.index);
    from = end.lastIndex;
  }
  yield text.slice(from);
}

export const linesOf = (text: string): string[] => [...eachLine(text)];

/** A word or a brace of a line, and the place after it. */
interface Taken extends Pick<Token, "kind" | "text" | "quoted"> {
  readonly end: number;
}

const isSeparator = (char: string | undefined): boolean =>
  char === " " || char === "\t" || char === "=" || char === ";";

const endsWord = (char: string | undefined): boolean =>
  char === undefined || isSeparator(char) || char === "{" || char === "}" || char === "#";

function takeQuoted(line: string, at: number): Taken | undefined {
  QUOTED.lastIndex = at;
  const whole = QUOTED.exec(line);
  if (whole === null) return undefined;
  return { kind: "word", text: (whole[1] ?? "").replaceAll('""', '"'), quoted: "yes", end: QUOTED.lastIndex };
}

/** Reads the token that begins at `at`, where there is neither a separator nor a comment. */
function takeToken(line: string, at: number): Taken {
  const char = line[at];
  if (char === "{" || char === "}") return { kind: char, text: char, quoted: "no", end: at + 1 };
  const quoted = char === '"' ? takeQuoted(line, at) : undefined;
  if (quoted !== undefined) return quoted;
  let end = at + 1;
  while (!endsWord(line[end])) end++;
  return char === '"'
    ? { kind: "word", text: line.slice(at + 1, end), quoted: "open", end }
    : { kind: "word", text: line.slice(at, end), quoted: "no", end };
}

/** Number of tokens, separators or lines in a step. */
const STEP = 256;

/** Returns the tokens of a text. The last token is always of kind "end". */
export function* tokenizing(text: string): Steps<Token[]> {
  const tokens: Token[] = [];
  let assigned = false;
  let number = 0;
  let last = "";
  let work = 0;
  for (const line of eachLine(text)) {
    number++;
    last = line;
    if (++work % STEP === 0) yield;
    for (let at = 0; at < line.length && line[at] !== "#"; ) {
      if (++work % STEP === 0) yield;
      if (isSeparator(line[at])) {
        assigned ||= line[at] === "=";
        at++;
        continue;
      }
      const { kind, text: word, quoted, end } = takeToken(line, at);
      tokens.push({ kind, text: word, assigned, quoted, at: { line: number, column: at + 1, length: end - at } });
      assigned = false;
      at = end;
    }
  }
  const place = { line: number, column: last.length + 1, length: 1 };
  tokens.push({ kind: "end", text: "", assigned, quoted: "no", at: place });
  return tokens;
}

export const tokenize = (text: string): Token[] => finish(tokenizing(text));
