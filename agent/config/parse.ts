// Parses hsflowd.conf: one outermost block of keys, values and inner blocks. Option tables define all keywords. Parsing
// continues after an error, so that all errors are reported.

import { type Block, type BlockType, blockNames, find, newBlock } from "./block.ts";
import { parseItem, parseItems, type Scope, skipItem } from "./body.ts";
import { type Problem, quote, sortProblems } from "./error.ts";
import { nearestWord } from "./nearest.ts";
import { error, newReader, peek, type Reader, skipBraces, take } from "./reader.ts";
import { finish, type Steps } from "./steps.ts";
import type { Token } from "./token.ts";

/** The result of parsing a file. */
export interface Parsed {
  /** The outermost block, without the parts that had errors. */
  readonly block: Block;
  /** Tells whether the file has the outermost block. */
  readonly found: boolean;
  /** All problems, in the order of the file. */
  readonly problems: readonly Problem[];
}

/** Tells whether the outermost block begins here: `sflow`, or a misspelled `sflow` before a brace. */
function isRoot(reader: Reader, root: BlockType): boolean {
  const word = peek(reader);
  if (word.kind !== "word") return false;
  if (word.text.toLowerCase() === root.keyword.toLowerCase()) return true;
  const isBlock = peek(reader, 1).kind === "{" && find(root, word.text) === undefined;
  return isBlock && nearestWord(word.text, [root.keyword, ...blockNames(root)]) === root.keyword;
}

function* parseRoot(reader: Reader, scope: Scope): Steps<void> {
  const { keyword } = reader.root;
  const word = take(reader);
  if (word.text.toLowerCase() !== keyword.toLowerCase()) {
    error(reader, word.at, `unknown block ${quote(word.text)}`, { expected: `${keyword} { }`, nearest: keyword });
  }
  if (peek(reader).kind === "{") take(reader);
  else error(reader, word.at, `"{" is missing after ${quote(word.text)}`, { expected: `${keyword} {` });
  yield* parseItems(reader, scope, word);
}

/** Reports once that items are outside the outermost block, and reads them as if they were inside. */
function* parseOutside(reader: Reader, scope: Scope, rootLine: number | undefined): Steps<void> {
  const { keyword } = reader.root;
  const { at, text } = peek(reader);
  const surplus = reader.unclosed < 0 ? `the file has more "}" than "{"` : `all settings go inside one ${keyword} { }`;
  const nearest = nearestWord(text.replace(/\W/g, ""), [keyword]);
  const where =
    rootLine === undefined ? `before ${keyword} { }` : `after ${keyword} { }, which ends on line ${rootLine}`;
  error(reader, at, `${quote(text)} comes ${where}`, { remedy: surplus, nearest: nearest && `${nearest} {` });
  while (peek(reader).kind !== "end" && !isRoot(reader, reader.root)) {
    yield;
    if (peek(reader).kind === "}") take(reader);
    else if (find(scope.block.type, peek(reader).text) !== undefined) yield* parseItem(reader, scope);
    else if (peek(reader).kind === "{") skipBraces(reader);
    else yield* skipItem(reader, scope);
  }
}

const reportSecondRoot = (reader: Reader): void =>
  error(reader, peek(reader).at, `only one ${reader.root.keyword} { } is allowed`);

/** Most words and braces in a file. 20,000 settings fit; the largest known file has 300. */
const MOST_WORDS = 50_000;

function tooLong(root: BlockType, { at }: Token): Parsed {
  const message = `the file has more than ${MOST_WORDS} words`;
  const remedy = "this is probably not a configuration";
  return { block: newBlock(root, at), found: false, problems: [{ severity: "error", at, message, remedy }] };
}

/** Parses a file with one outermost block of type `root`, in steps. Never throws, whatever the text is. */
export function* parsing(text: string, root: BlockType): Steps<Parsed> {
  const reader = yield* newReader(text, root);
  const surplus = reader.tokens[MOST_WORDS];
  if (surplus !== undefined) return tooLong(root, surplus);
  const first = reader.tokens.find(({ text: word }) => word.toLowerCase() === root.keyword.toLowerCase());
  const block = newBlock(root, first?.at ?? { line: 1, column: 1, length: 1 });
  const scope: Scope = { block, outer: undefined, depth: 1 };
  let closed: number | undefined;
  while (peek(reader).kind !== "end") {
    if (!isRoot(reader, root)) {
      yield* parseOutside(reader, scope, closed);
      continue;
    }
    if (closed !== undefined) reportSecondRoot(reader);
    yield* parseRoot(reader, scope);
    closed = reader.tokens[reader.at - 1]?.at.line;
  }
  const found = closed !== undefined;
  if (reader.problems.length === 0 && !found) {
    error(reader, block.at, `the file has no ${root.keyword} { }`, { expected: `${root.keyword} { ... }` });
  }
  return { block, found, problems: sortProblems(reader.problems) };
}

export const parse = (text: string, root: BlockType): Parsed => finish(parsing(text, root));
