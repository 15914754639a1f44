// Reports an unknown word, with the words that are allowed in its place, the blocks that have such a key, or the word
// that was probably meant.

import { allNames, type BlockType, blockNames, find, keyNames, typesWith } from "./block.ts";
import { type Problem, quote } from "./error.ts";
import { nearestWord } from "./nearest.ts";
import { error, maySuggest, peek, type Reader } from "./reader.ts";
import type { Token } from "./token.ts";

/** A longer list of allowed words is left out if there is a suggestion. */
const LONGEST_LIST = 12;

const joined = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;

/** Corrects the prefix of a word to that of a key such as `sampling.*`: `samplng.10G` becomes `sampling.10G`. */
function nearestPattern(type: BlockType, word: string): string | undefined {
  const dot = word.indexOf(".");
  const prefixes = Object.keys(type.options).flatMap((key) => (key.endsWith(".*") ? [key.slice(0, -2)] : []));
  const prefix = dot < 1 || dot > word.length - 2 ? undefined : nearestWord(word.slice(0, dot), prefixes);
  return prefix === undefined ? undefined : `${prefix}${word.slice(dot)}`;
}

/** Returns the key that users mean by this word, as the option table says. */
const keyMeantBy = ({ options }: BlockType, word: string): string | undefined =>
  Object.keys(options).find((key) => options[key]?.meantBy?.includes(word.toLowerCase()));

/** Returns the name in `type` that was probably meant: the name of a block if `isBlock`, else that of a key. */
export function nearestName(type: BlockType, word: string, isBlock: boolean): string | undefined {
  if (isBlock) return nearestWord(word, blockNames(type));
  const plain = word.replace(/[:,].*$/, "");
  return (
    keyMeantBy(type, plain) ??
    nearestWord(
      plain,
      allNames(type).filter((name) => !name.endsWith(".*")),
    ) ??
    nearestPattern(type, plain)
  );
}

/** Tells whether a word begins a comment as other languages write it, such as `//`. */
export const isForeignComment = (word: string): boolean => /^(\/\/|\/\*|--|!|\*)/.test(word);

/** Names a character that is not ASCII: it may be invisible, or look like an ASCII one, as in text from a web page. */
function explainCharacter(word: string): string | undefined {
  const char = /[^\x21-\x7e]/u.exec(word)?.[0];
  const code = char?.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
  return code === undefined ? undefined : `it contains U+${code}, which is not ASCII`;
}

/** Tells whether a word is superfluous after a value, as `eth0` is in `dev = my eth0`. */
function isSurplus(reader: Reader, type: BlockType, word: Token): boolean {
  const [before, next] = [reader.tokens[reader.at - 1], peek(reader, 1)];
  const hasValue = next.kind === "word" && next.at.line === word.at.line && find(type, next.text) === undefined;
  const alone = next.kind !== "{" && !hasValue && (!next.assigned || find(type, next.text) !== undefined);
  return alone && !word.assigned && before?.kind === "word" && before.at.line === word.at.line;
}

function describe(reader: Reader, type: BlockType, word: Token): Omit<Problem, "severity" | "at"> {
  const isBlock = peek(reader, 1).kind === "{";
  const [where, what] = [`${type.keyword} { }`, isBlock ? "block" : "key"];
  const owners = typesWith(reader.root, word.text).map(({ keyword }) => `${keyword} { }`);
  if (owners.length > 0) {
    const nearest = isBlock ? undefined : keyMeantBy(type, word.text);
    if (nearest !== undefined) return { message: `unknown key ${quote(word.text)} in ${where}`, nearest };
    return { message: `${quote(word.text)} does not belong in ${where}`, remedy: `it belongs in ${joined(owners)}` };
  }
  if (!maySuggest(reader)) return { message: `unknown ${what} ${quote(word.text)} in ${where}` };
  const nearest = nearestName(type, word.text, isBlock);
  if (nearest === undefined && isSurplus(reader, type, word)) {
    const isComma = /^,+$/.test(word.text);
    const remedy = isComma
      ? "separate values with spaces, not commas"
      : "a key takes one value; put a value with spaces in double quotes";
    return { message: `unexpected ${quote(word.text)}`, remedy };
  }
  if (isForeignComment(word.text))
    return { message: `unknown word ${quote(word.text)}`, remedy: 'a comment begins with "#"' };
  const names = isBlock ? blockNames(type) : keyNames(type);
  const list = names.length === 0 ? `no ${what} in ${where}` : `one of: ${names.join(", ")}`;
  const expected = nearest !== undefined && names.length > LONGEST_LIST ? undefined : list;
  return {
    message: `unknown ${what} ${quote(word.text)} in ${where}`,
    expected,
    nearest,
    remedy: explainCharacter(word.text),
  };
}

/** Reports the next word without advancing. */
export function reportUnknown(reader: Reader, type: BlockType): void {
  const word = peek(reader);
  const { message, ...detail } = describe(reader, type, word);
  error(reader, word.at, message, detail);
}
