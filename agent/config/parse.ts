// The grammar of hsflowd.conf: one block of keys, values and further blocks. It knows no keyword, finds every error,
// and never gives up.

import { type Block, type BlockType, blockNames, find, newBlock } from "./block.ts";
import { parseItem, parseItems, type Scope, skipItem } from "./body.ts";
import { type Problem, quote, sortProblems } from "./error.ts";
import { nearestWord } from "./nearest.ts";
import { error, newReader, peek, type Reader, skipBraces, take } from "./reader.ts";

export interface Parsed {
  /** The outermost block; as far as it could be read where there are errors. */
  readonly block: Block;
  /** Where the file has it. */
  readonly found: boolean;
  /** In the order of the file. */
  readonly problems: readonly Problem[];
}

/** `sflow {`, or a word like it before a brace. */
function isRoot(reader: Reader, root: BlockType): boolean {
  const word = peek(reader);
  if (word.kind !== "word") return false;
  if (word.text.toLowerCase() === root.keyword.toLowerCase()) return true;
  const isBlock = peek(reader, 1).kind === "{" && find(root, word.text) === undefined;
  return isBlock && nearestWord(word.text, [root.keyword, ...blockNames(root)]) === root.keyword;
}

function parseRoot(reader: Reader, scope: Scope): void {
  const { keyword } = reader.root;
  const word = take(reader);
  if (word.text.toLowerCase() !== keyword.toLowerCase()) {
    error(reader, word.at, `unknown block ${quote(word.text)}`, { expected: `${keyword} { }`, nearest: keyword });
  }
  if (peek(reader).kind === "{") take(reader);
  else error(reader, word.at, `${quote(word.text)} is a block`, { expected: `"{" after it` });
  parseItems(reader, scope, word);
}

/** Reports what stands outside the root once, and reads on as if it stood inside. */
function parseOutside(reader: Reader, scope: Scope, rootLine: number | undefined): void {
  const { keyword } = reader.root;
  const { at, text } = peek(reader);
  const surplus =
    reader.unclosed < 0 ? `the file has more "}" than "{"` : `everything stands inside one ${keyword} { }`;
  const nearest = nearestWord(text.replace(/\W/g, ""), [keyword]);
  const where =
    rootLine === undefined
      ? `before any ${keyword} { }`
      : `after the end of ${keyword} { }, which line ${rootLine} closed`;
  error(reader, at, `${quote(text)} stands ${where}`, { remedy: surplus, nearest: nearest && `${nearest} {` });
  while (peek(reader).kind !== "end" && !isRoot(reader, reader.root)) {
    if (peek(reader).kind === "}") take(reader);
    else if (find(scope.block.type, peek(reader).text) !== undefined) parseItem(reader, scope);
    else if (peek(reader).kind === "{") skipBraces(reader);
    else skipItem(reader, scope);
  }
}

const reportAgain = (reader: Reader): void =>
  error(reader, peek(reader).at, `${reader.root.keyword} { } is given again`, { expected: "it once in a file" });

/** Reads a file whose one outermost block is of type `root`. Never throws; always ends. */
export function parse(text: string, root: BlockType): Parsed {
  const reader = newReader(text, root);
  const first = reader.tokens.find(({ text: word }) => word.toLowerCase() === root.keyword.toLowerCase());
  const block = newBlock(root, first?.at ?? { line: 1, column: 1, length: 1 });
  const scope: Scope = { block, outer: undefined, depth: 1 };
  let closed: number | undefined;
  while (peek(reader).kind !== "end") {
    if (!isRoot(reader, root)) {
      parseOutside(reader, scope, closed);
      continue;
    }
    if (closed !== undefined) reportAgain(reader);
    parseRoot(reader, scope);
    closed = reader.tokens[reader.at - 1]?.at.line;
  }
  const found = closed !== undefined;
  if (reader.problems.length === 0 && !found) {
    error(reader, block.at, `the file has no ${root.keyword} { }`, { expected: `${root.keyword} { ... }` });
  }
  return { block, found, problems: sortProblems(reader.problems) };
}
