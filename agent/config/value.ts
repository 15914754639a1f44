// The value of a key: read by its option, put into its block, and explained where it is wrong.

import { type Block, type FoundOption, find } from "./block.ts";
import { quote } from "./error.ts";
import { ValueError } from "./option.ts";
import { error, peek, type Reader, skipBraces, take, warn } from "./reader.ts";
import type { Token } from "./token.ts";

/** `ip = udpport = 6343`: the word is a key whose own value follows, so the key before it has none. */
function isNextKey(reader: Reader, block: Block): boolean {
  const [word, next] = [peek(reader), peek(reader, 1)];
  if (word.kind !== "word" || word.quoted !== "no") return false;
  const found = find(block.type, word.text);
  return found?.kind === "option" ? next.assigned : found?.kind === "block" && next.kind === "{";
}

/** What would be right, in the option's own words. */
function expectedOf({ option, suffix }: FoundOption): string {
  try {
    option.read("", option.default, suffix);
  } catch (cause) {
    if (cause instanceof ValueError) return cause.expected;
  }
  return option.type;
}

function reportMissing(reader: Reader, key: Token, found: FoundOption): void {
  error(reader, key.at, `${quote(key.text)} has no value`, { expected: expectedOf(found) });
}

/** The value without what other formats put around it, where that makes it right. */
function repaired({ option, suffix }: FoundOption, text: string, before: unknown): string | undefined {
  const plain = text.replace(/^['"\u2018-\u201f]|['"\u2018-\u201f,:.]+$/g, "");
  if (plain === text || plain === "") return undefined;
  try {
    option.read(plain, before, suffix);
    return plain;
  } catch {
    return undefined;
  }
}

function reportBad(
  reader: Reader,
  key: Token,
  found: FoundOption,
  value: Token,
  cause: ValueError,
  before: unknown,
): void {
  const nearest = repaired(found, value.text, before) ?? cause.nearest;
  error(reader, value.at, `bad value ${quote(value.text)} for ${key.text}`, { expected: cause.expected, nearest });
}

function remark(reader: Reader, block: Block, key: Token, found: FoundOption, value: Token): void {
  const { option, suffix } = found;
  const alias = option.aliases?.find((name) => name.toLowerCase() === key.text.toLowerCase());
  if (alias !== undefined) warn(reader, key.at, `${quote(key.text)} is an older spelling of ${found.key}`);
  if (option.ignored !== undefined)
    warn(reader, key.at, `${quote(key.text)} has no effect`, { remedy: option.ignored });
  if (option.moved !== undefined) {
    const { block: home, key: name } = option.moved;
    warn(reader, key.at, `${quote(key.text)} is an older form`, {
      remedy: `write ${home} { ${name} = ${value.text} }`,
    });
  }
  const note = option.note?.(value.text, suffix);
  if (note !== undefined) warn(reader, value.at, note);
  if (value.quoted === "no" && /^['\u2018-\u201f].+['\u2018-\u201f]$/.test(value.text)) {
    warn(reader, value.at, "these quotes are part of the value", { nearest: value.text.slice(1, -1) });
  }
  const first = option.repeat ? undefined : block.given.get(found.key);
  if (first !== undefined) {
    warn(reader, key.at, `${quote(key.text)} is given again: the one on line ${first.line} no longer counts`);
  }
}

function write(block: Block, { key, option, suffix }: FoundOption, { text, at }: Token): void {
  const before = option.repeat
    ? (block.written.get(key) ?? []).filter((old) => suffix === "" || old.suffix !== suffix)
    : [];
  block.written.set(key, [...before, { suffix, text, at }]);
}

function store(reader: Reader, block: Block, key: Token, found: FoundOption, value: Token): void {
  const { option, suffix } = found;
  const before = block.values[found.key];
  try {
    block.values[found.key] = option.read(value.text, before, suffix);
    write(block, found, value);
    remark(reader, block, key, found, value);
  } catch (cause) {
    if (!(cause instanceof ValueError)) throw cause;
    if (value.quoted === "no" && value.at.line > key.at.line && find(block.type, value.text) !== undefined) {
      reader.at--;
      reportMissing(reader, key, found);
    } else reportBad(reader, key, found, value, cause, before);
  }
}

function parseValue(reader: Reader, block: Block, key: Token, found: FoundOption): void {
  const value = take(reader);
  if (value.quoted !== "open") store(reader, block, key, found, value);
  else error(reader, value.at, "the quote is never closed", { expected: 'a second " on this line' });
}

/**
 * Reads `key = value`, the key already taken. Whatever is wrong, the next key is where the reader stands afterwards.
 */
export function parseOption(reader: Reader, block: Block, key: Token, found: FoundOption): void {
  const next = peek(reader);
  if (next.kind === "{") {
    error(reader, next.at, `${quote(key.text)} takes a value, not a block`, { expected: expectedOf(found) });
    skipBraces(reader);
  } else if (next.kind !== "word" || isNextKey(reader, block)) reportMissing(reader, key, found);
  else parseValue(reader, block, key, found);
  block.given.set(found.key, key.at);
}
