// Characters that act on a terminal, hide text or reorder it, and a name made of all of them.

interface HostileCharacter {
  readonly name: string;
  readonly character: string;
  readonly shown: string;
}

const RANGES: readonly (readonly [name: string, from: number, to: number])[] = [
  ["a control of C0", 0x00, 0x1f],
  ["DEL", 0x7f, 0x7f],
  ["a control of C1", 0x80, 0x9f],
  ["the soft hyphen", 0xad, 0xad],
  ["the combining grapheme joiner", 0x34f, 0x34f],
  ["the Arabic letter mark", 0x61c, 0x61c],
  ["a Hangul filler", 0x115f, 0x1160],
  ["a Khmer inherent vowel", 0x17b4, 0x17b5],
  ["a Mongolian selector", 0x180b, 0x180e],
  ["a zero-width space or joiner, or a directional mark", 0x200b, 0x200f],
  ["the line or the paragraph separator", 0x2028, 0x2029],
  ["a directional embedding or override", 0x202a, 0x202e],
  ["an invisible operator, an isolate or a deprecated format character", 0x2060, 0x206f],
  ["the Hangul filler", 0x3164, 0x3164],
  ["a lone surrogate", 0xd800, 0xd800],
  ["a lone trailing surrogate", 0xdfff, 0xdfff],
  ["a variation selector", 0xfe00, 0xfe0f],
  ["the byte order mark", 0xfeff, 0xfeff],
  ["the halfwidth Hangul filler", 0xffa0, 0xffa0],
  ["an annotation or an unassigned ignorable", 0xfff0, 0xfffb],
  ["a noncharacter", 0xffff, 0xffff],
  ["a musical format character", 0x1d173, 0x1d17a],
  ["a tag", 0xe0001, 0xe007f],
  ["a variation selector of plane 14", 0xe0100, 0xe0100],
];

const escapeOf = (character: string): string =>
  Array.from({ length: character.length }, (_, i) => character.charCodeAt(i))
    .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
    .join("");

export const hostileCharacters: readonly HostileCharacter[] = RANGES.flatMap(([kind, from, to]) =>
  Array.from({ length: to - from + 1 }, (_, i) => {
    const character = String.fromCodePoint(from + i);
    const code = (from + i).toString(16).toUpperCase().padStart(4, "0");
    return { name: `U+${code}, ${kind},`, character, shown: escapeOf(character) };
  }),
);

/** What a forged line says. No output may have a line that begins with it. */
export const FORGED = "forged line";

/** A name that would set the title of a terminal, forge a line, and more. */
export const HOSTILE = `x\u001b]0;title\u0007\n${FORGED}\r\n${FORGED}\u001b[2J${hostileCharacters
  .map(({ character }) => `${character}.`)
  .join("")}`;

/** The same in characters that UTF-8 can carry: a lone surrogate cannot arrive from the network or from a file. */
export const HOSTILE_UTF8 = HOSTILE.replace(/\p{Cs}/gu, "");
