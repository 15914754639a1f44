// Parses the value of a key with the key's option, stores the value in the block, and reports an invalid value.

import { type Block, find, type OptionEntry, writtenKey } from "./block.ts";
import { quote } from "./error.ts";
import { expectedBy, ValueError } from "./option.ts";
import { error, peek, type Reader, skipBraces, take, warn } from "./reader.ts";
import type { Token } from "./token.ts";

/** Tells whether the value is missing because the next word is a key with a value: `ip = udpport = 6343`. */
function isNextKey(reader: Reader, block: Block): boolean {
  const [word, next] = [peek(reader), peek(reader, 1)];
  if (word.kind !== "word" || word.quoted !== "no") return false;
  const found = find(block.type, word.text);
  return found?.kind === "option" ? next.assigned : found?.kind === "block" && next.kind === "{";
}

function reportMissing(reader: Reader, key: Token, found: OptionEntry): void {
  error(reader, key.at, `${quote(key.text)} has no value`, { expected: expectedBy(found.option, found.suffix) });
}

const QUOTES = "'\"\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f";

function trimmed(text: string): string {
  let end = text.length;
  while (end > 0 && `${QUOTES},:.`.includes(text[end - 1] as string)) end--;
  return text.slice(QUOTES.includes(text[0] ?? " ") ? 1 : 0, end);
}

/** Removes quotes and punctuation of other file formats. Returns undefined if the rest is not a valid value either. */
function withoutPunctuation({ option, suffix }: OptionEntry, text: string): string | undefined {
  const plain = trimmed(text);
  if (plain === text || plain === "") return undefined;
  try {
    option.read(plain, option.default, suffix);
    return plain;
  } catch {
    return undefined;
  }
}

function reportBadValue(reader: Reader, key: Token, found: OptionEntry, value: Token, cause: ValueError): void {
  const nearest = withoutPunctuation(found, value.text) ?? cause.nearest;
  const { expected, reason: remedy } = cause;
  error(reader, value.at, `bad value ${quote(value.text)} for ${key.text}`, { expected, remedy, nearest });
}

function warnAbout(reader: Reader, block: Block, key: Token, found: OptionEntry, value: Token): void {
  const { option, suffix } = found;
  const alias = option.aliases?.find((name) => name.toLowerCase() === key.text.toLowerCase());
  if (alias !== undefined) warn(reader, key.at, `${quote(key.text)} is an older spelling of ${found.key}`);
  if (option.ignored !== undefined)
    warn(reader, key.at, `${quote(key.text)} has no effect`, { remedy: option.ignored });
  const note = option.note?.(value.text, suffix);
  if (note !== undefined) warn(reader, value.at, note.message, { remedy: note.remedy, nearest: note.nearest });
  if (value.quoted === "no" && /^['\u2018-\u201f].+['\u2018-\u201f]$/.test(value.text)) {
    warn(reader, value.at, "these quotes are read as part of the value", { nearest: value.text.slice(1, -1) });
  }
  const first = option.repeat ? undefined : block.given.get(found.key);
  if (first !== undefined) {
    warn(reader, key.at, `${quote(key.text)} overrides line ${first.line}`, {
      remedy: `remove the one on line ${first.line}`,
    });
  }
}

function keepText({ written }: Block, { key, option, suffix }: OptionEntry, { text, at }: Token): void {
  const name = writtenKey(key, suffix);
  const before = option.repeat && suffix === "" ? written.get(name) : undefined;
  if (before !== undefined) before.push({ suffix, text, at });
  else {
    written.delete(name);
    written.set(name, [{ suffix, text, at }]);
  }
}

function setValue(reader: Reader, block: Block, key: Token, found: OptionEntry, value: Token): void {
  const { option, suffix } = found;
  const before = block.values[found.key];
  try {
    block.values[found.key] = option.read(value.text, before, suffix);
    keepText(block, found, value);
    warnAbout(reader, block, key, found, value);
  } catch (cause) {
    if (!(cause instanceof ValueError)) throw cause;
    if (value.quoted === "no" && value.at.line > key.at.line && find(block.type, value.text) !== undefined) {
      reader.at--;
      reportMissing(reader, key, found);
    } else reportBadValue(reader, key, found, value, cause);
  }
}

/** Longest value. No path is longer, and no other value is nearly as long. */
const LONGEST = 4096;

function parseValue(reader: Reader, block: Block, key: Token, found: OptionEntry): void {
  const value = take(reader);
  if (value.text.length > LONGEST)
    error(reader, value.at, `the value of ${key.text} has ${value.text.length} characters`, {
      expected: `at most ${LONGEST}`,
    });
  else if (value.quoted !== "open") setValue(reader, block, key, found, value);
  else error(reader, value.at, "this quote is not closed", { expected: 'a second " on this line' });
}

/** Reads the value of `key`, which the caller has read. Leaves the reader at the next key, even after an error. */
export function parseOption(reader: Reader, block: Block, key: Token, found: OptionEntry): void {
  const next = peek(reader);
  if (next.kind === "{") {
    error(reader, next.at, `${quote(key.text)} takes a value, not a block`, {
      expected: expectedBy(found.option, found.suffix),
    });
    skipBraces(reader);
  } else if (next.kind !== "word" || isNextKey(reader, block)) reportMissing(reader, key, found);
  else parseValue(reader, block, key, found);
  block.given.set(found.key, key.at);
}
