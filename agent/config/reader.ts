// The state of parsing: the tokens of a file, the position among them, and the problems found so far.

import type { BlockType } from "./block.ts";
import type { Problem } from "./error.ts";
import type { Steps } from "./steps.ts";
import type { Span, Token } from "./token.ts";
import { tokenizing } from "./token.ts";

/** The state of parsing a file. */
export interface Reader {
  readonly root: BlockType;
  readonly tokens: readonly Token[];
  readonly problems: Problem[];
  at: number;
  /** The number of missing `}` that are not reported yet; negative if the file has more `}` than `{`. */
  unclosed: number;
  /** The number of blocks of each type. */
  readonly blocks: Map<BlockType, number>;
}

export function* newReader(text: string, root: BlockType): Steps<Reader> {
  const tokens = yield* tokenizing(text);
  let unclosed = 0;
  for (const { kind } of tokens) unclosed += kind === "{" ? 1 : kind === "}" ? -1 : 0;
  return { root, tokens, problems: [], at: 0, unclosed, blocks: new Map() };
}

/** The number of problems after which no more suggestions are made: each takes time, and no one reads so many. */
const MOST_SUGGESTIONS = 100;

export const maySuggest = ({ problems }: Reader): boolean => problems.length < MOST_SUGGESTIONS;

/** Returns a token without advancing. After the last word or brace, returns the end token. */
export const peek = (reader: Reader, ahead = 0): Token => {
  const token = reader.tokens[Math.min(reader.at + ahead, reader.tokens.length - 1)];
  if (token === undefined) throw new Error("a token list has at least its end token");
  return token;
};

export function take(reader: Reader): Token {
  const token = peek(reader);
  if (token.kind !== "end") reader.at++;
  return token;
}

type Detail = Pick<Problem, "expected" | "nearest" | "remedy">;

export const error = (reader: Reader, at: Span, message: string, detail: Detail = {}): void => {
  reader.problems.push({ severity: "error", at, message, ...detail });
};

export const warn = (reader: Reader, at: Span, message: string, detail: Detail = {}): void => {
  reader.problems.push({ severity: "warning", at, message, ...detail });
};

/** Skips a `{`, everything inside, and its `}`. */
export function skipBraces(reader: Reader): void {
  let depth = 0;
  do {
    const { kind } = take(reader);
    if (kind === "end") return;
    depth += kind === "{" ? 1 : kind === "}" ? -1 : 0;
  } while (depth > 0);
}
