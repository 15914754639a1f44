// What to say of a word that does not belong where it stands: what would, where it would, and what was probably meant.

import { allNames, type BlockType, blockNames, find, homesOf, keyNames } from "./block.ts";
import { type Problem, quote } from "./error.ts";
import { nearestWord } from "./nearest.ts";
import { error, peek, type Reader } from "./reader.ts";
import type { Token } from "./token.ts";

/** A list longer than this helps less than the one word that was meant. */
const LIST = 12;

const joined = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;

/** `samplng.10G` is near to `sampling.*`. */
function nearestPattern(type: BlockType, word: string): string | undefined {
  const dot = word.indexOf(".");
  const prefixes = Object.keys(type.options).flatMap((key) => (key.endsWith(".*") ? [key.slice(0, -2)] : []));
  const prefix = dot < 1 || dot > word.length - 2 ? undefined : nearestWord(word.slice(0, dot), prefixes);
  return prefix === undefined ? undefined : `${prefix}${word.slice(dot)}`;
}

/** The name in `type` that was probably meant: of a block where a `{` follows, of a key otherwise. */
export function nearestName(type: BlockType, word: string, isBlock: boolean): string | undefined {
  if (isBlock) return nearestWord(word, blockNames(type));
  const plain = word.replace(/[:,].*$/, "");
  return (
    nearestWord(
      plain,
      allNames(type).filter((name) => !name.endsWith(".*")),
    ) ?? nearestPattern(type, plain)
  );
}

/** As other languages begin a comment; the rest of its line means nothing either. */
export const isForeignComment = (word: string): boolean => /^(\/\/|\/\*|--|!|\*)/.test(word);

/** A character that looks like another, or like nothing: pasted from a web page. */
function strange(word: string): string | undefined {
  const char = /[^\x21-\x7e]/u.exec(word)?.[0];
  const code = char?.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
  return code === undefined ? undefined : `the word holds U+${code}, which is not plain ASCII`;
}

/** A word left over behind a value, `dev = my eth0`: nothing that could be its own value follows. */
function isLeftOver(reader: Reader, type: BlockType, word: Token): boolean {
  const [before, next] = [reader.tokens[reader.at - 1], peek(reader, 1)];
  const hasValue = next.kind === "word" && next.at.line === word.at.line && find(type, next.text) === undefined;
  const alone = next.kind !== "{" && !hasValue && (!next.assigned || find(type, next.text) !== undefined);
  return alone && !word.assigned && before?.kind === "word" && before.at.line === word.at.line;
}

function explain(reader: Reader, type: BlockType, word: Token): Omit<Problem, "severity" | "at"> {
  const isBlock = peek(reader, 1).kind === "{";
  const [where, what] = [`${type.keyword} { }`, isBlock ? "block" : "key"];
  const homes = homesOf(reader.root, word.text).map(({ keyword }) => `${keyword} { }`);
  if (homes.length > 0) {
    return { message: `${quote(word.text)} does not belong in ${where}`, remedy: `it belongs in ${joined(homes)}` };
  }
  const nearest = nearestName(type, word.text, isBlock);
  if (nearest === undefined && isLeftOver(reader, type, word)) {
    const isComma = /^,+$/.test(word.text);
    const remedy = isComma
      ? "blanks separate, commas do not"
      : "a key has one value; in double quotes it may hold blanks";
    return { message: `nothing asks for ${quote(word.text)} here`, remedy };
  }
  if (isForeignComment(word.text))
    return { message: `unknown word ${quote(word.text)}`, remedy: 'a comment begins with "#"' };
  const names = isBlock ? blockNames(type) : keyNames(type);
  const list = names.length === 0 ? `no ${what} in ${where}` : `one of: ${names.join(", ")}`;
  const expected = nearest !== undefined && names.length > LIST ? undefined : list;
  return { message: `unknown ${what} ${quote(word.text)} in ${where}`, expected, nearest, remedy: strange(word.text) };
}

/** Reports the word at the reader's place, and does not take it. */
export function reportUnknown(reader: Reader, type: BlockType): void {
  const word = peek(reader);
  const { message, ...detail } = explain(reader, type, word);
  error(reader, word.at, message, detail);
}
