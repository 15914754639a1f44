// Parses the inside of a block: keys with values, and inner blocks. Continues with the next item after an error.

import { type Block, type BlockType, find, newBlock, typesWith } from "./block.ts";
import { quote } from "./error.ts";
import { error, maySuggest, peek, type Reader, skipBraces, take, warn } from "./reader.ts";
import type { Steps } from "./steps.ts";
import type { Token } from "./token.ts";
import { isForeignComment, nearestName, reportUnknown } from "./unknown.ts";
import { parseOption } from "./value.ts";

/** The deepest nesting of hsflowd.conf: a block in a block in sflow { }. */
const DEEPEST = 3;

/** A block and the blocks around it. */
export interface Scope {
  readonly block: Block;
  readonly outer: Scope | undefined;
  readonly depth: number;
}

/** Guesses the type of a block that is unknown here, so that errors inside that block are found too. */
function guessBlock(reader: Reader, type: BlockType, word: string): BlockType | undefined {
  if (!maySuggest(reader)) return undefined;
  const elsewhere = typesWith(reader.root, word).flatMap(({ blocks = [] }) => blocks);
  const near = nearestName(type, word, true);
  const found = near === undefined ? undefined : find(type, near);
  return (
    elsewhere.find(({ keyword }) => keyword.toLowerCase() === word.toLowerCase()) ??
    (found?.kind === "block" ? found.type : undefined)
  );
}

function skipLine(reader: Reader, line: number): void {
  while (peek(reader).kind !== "end" && peek(reader).at.line === line) take(reader);
}

function* skipUnknownBlock(reader: Reader, scope: Scope, word: Token): Steps<void> {
  const guess = guessBlock(reader, scope.block.type, word.text);
  if (guess !== undefined && scope.depth < DEEPEST) yield* parseChild(reader, scope, word, guess);
  else skipBraces(reader);
}

/** Skips an unknown word, and the block or the value that follows. Skips the whole line of a foreign comment. */
export function* skipItem(reader: Reader, scope: Scope): Steps<void> {
  const word = take(reader);
  const next = peek(reader);
  if (isForeignComment(word.text)) skipLine(reader, word.at.line);
  else if (next.kind === "{") yield* skipUnknownBlock(reader, scope, word);
  else if (next.kind === "word" && next.assigned) take(reader);
  else skipValue(reader, scope, word);
}

function belongsOutside({ outer }: Scope, word: string): boolean {
  return outer !== undefined && (find(outer.block.type, word) !== undefined || belongsOutside(outer, word));
}

/** Tells whether the body of a block follows although its `{` is missing: `collector ip=10.0.0.1 }`. */
function isBodyNext(reader: Reader, scope: Scope, type: BlockType): boolean {
  const next = peek(reader);
  return next.kind === "word" && find(type, next.text) !== undefined && find(scope.block.type, next.text) === undefined;
}

function* parseChild(reader: Reader, scope: Scope, word: Token, type: BlockType): Steps<void> {
  const child = newBlock(type, word.at);
  const isOpen = peek(reader).kind === "{";
  if (!isOpen && !isBodyNext(reader, scope, type)) {
    error(reader, word.at, `${quote(word.text)} is a block, not a key`, { expected: `${type.keyword} { }` });
    skipValue(reader, scope, word);
    return;
  }
  if (isOpen) take(reader);
  else error(reader, word.at, `"{" is missing after ${quote(word.text)}`, { expected: `${type.keyword} {` });
  yield* parseItems(reader, { block: child, outer: scope, depth: scope.depth + 1 }, word);
  addChild(reader, scope.block, child);
}

/** Skips the value after a word that is not a key, as in `tcp = on`. */
function skipValue(reader: Reader, scope: Scope, word: Token): void {
  const next = peek(reader);
  const isValue =
    next.kind === "word" && next.at.line === word.at.line && find(scope.block.type, next.text) === undefined;
  if (isValue) take(reader);
}

/** More blocks of one kind than any host needs: each is compared with every interface, or has a socket. */
const MOST_BLOCKS = 1000;

/** Counts the blocks of each kind. Reports the first of too many, and returns true for that and further ones. */
function isTooMany(reader: Reader, { type, at }: Block): boolean {
  const count = (reader.blocks.get(type) ?? 0) + 1;
  reader.blocks.set(type, count);
  if (count === MOST_BLOCKS + 1)
    error(reader, at, `more than ${MOST_BLOCKS} ${type.keyword} { } blocks`, { remedy: "remove some of them" });
  return count > MOST_BLOCKS;
}

function addChild(reader: Reader, block: Block, child: Block): void {
  const { keyword, many } = child.type;
  if (many && isTooMany(reader, child)) return;
  const before = many ? undefined : block.blocks.find(({ type }) => type.keyword === keyword);
  if (before !== undefined) {
    const { line } = before.at;
    warn(reader, child.at, `${keyword} { } overrides the one on line ${line}`, {
      remedy: `remove the one on line ${line}`,
    });
    block.blocks.splice(block.blocks.indexOf(before), 1);
  }
  if (block.type.options[keyword]?.block === undefined) block.blocks.push(child);
  else {
    const before = block.values[keyword] as unknown[];
    if (before === block.type.options[keyword]?.default) block.values[keyword] = [child.values];
    else before.push(child.values);
    block.inner.push(child);
  }
  for (const [key, option] of Object.entries(child.type.options)) {
    if (!option.required || child.given.has(key)) continue;
    error(reader, child.at, `${keyword} { } has no ${key}`, { expected: `${key} = ${option.type} inside the braces` });
  }
}

/** Reads the items of a block and its `}`. If the `}` is missing, stops before the first item that belongs outside. */
export function* parseItems(reader: Reader, scope: Scope, opener: Token): Steps<void> {
  for (;;) {
    yield;
    const token = peek(reader);
    if (token.kind === "}") {
      take(reader);
      return;
    }
    if (token.kind === "end") {
      warn(reader, opener.at, `${scope.block.type.keyword} { } is never closed`, {
        expected: '"}" before the end of the file',
      });
      return;
    }
    if (!(yield* parseItem(reader, scope))) return;
  }
}

const isAdjacent = (before: Token | undefined, after: Token): boolean =>
  before?.at.line === after.at.line && before.at.column + before.at.length === after.at.column;

/**
 * Reads a `{` that does not follow the name of a block. If the `{` is part of a value, as in `eth[0-9]{1,2}`, skips up
 * to its `}`. Otherwise reads the items between the braces as if the braces were absent.
 */
function* parseStrayBrace(reader: Reader, scope: Scope): Steps<void> {
  const brace = peek(reader);
  const before = reader.tokens[reader.at - 1];
  if (before?.kind === "word" && isAdjacent(before, brace)) {
    error(reader, brace.at, '"{" ends the value before it', { remedy: "put a value with braces in double quotes" });
    skipBraces(reader);
    if (peek(reader).kind === "word" && isAdjacent(reader.tokens[reader.at - 1], peek(reader))) take(reader);
    return;
  }
  error(reader, brace.at, 'unexpected "{"', { expected: "the name of a block before it" });
  if (scope.depth >= DEEPEST) skipBraces(reader);
  else yield* parseItems(reader, { ...scope, depth: scope.depth + 1 }, take(reader));
}

/** Reads one item. Returns false if the item belongs outside the block, which means that the block lacks its `}`. */
export function* parseItem(reader: Reader, scope: Scope): Steps<boolean> {
  const word = peek(reader);
  const found = word.kind === "word" ? find(scope.block.type, word.text) : undefined;
  if (word.kind === "{") yield* parseStrayBrace(reader, scope);
  else if (found?.kind === "option") parseOption(reader, scope.block, take(reader), found);
  else if (found?.kind === "block") yield* parseChild(reader, scope, take(reader), found.type);
  else if (reader.unclosed > 0 && belongsOutside(scope, word.text)) {
    reader.unclosed--;
    const { type, at } = scope.block;
    error(reader, word.at, `${type.keyword} { } on line ${at.line} is not closed`, {
      expected: `"}" before ${quote(word.text)}`,
    });
    return false;
  } else {
    reportUnknown(reader, scope.block.type);
    yield* skipItem(reader, scope);
  }
  return true;
}
