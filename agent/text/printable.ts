// Text for people, made safe for a terminal: names of interfaces, containers and metrics come from strangers. See
// ECMA-48 for control sequences, UAX #9 for directional marks, and UTR #36, section 3.1.

/** Text that was made of lines here. Only this file makes it, so a command cannot print a stranger's text as it is. */
export type Printable = string & { readonly [PRINTABLE]: true };
declare const PRINTABLE: unique symbol;

const PLAIN = /^[\x20-\x7e]*$/;

/**
 * Characters that act on a terminal, are invisible, or reorder others: controls, format characters, lone surrogates,
 * unassigned and private characters, line and paragraph separators, and what Unicode tells renderers to ignore.
 */
const HOSTILE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;

/**
 * Shows each hostile character as `\u001b`. The escape is that of JSON, so a text in JSON keeps its meaning. Applied
 * again, changes nothing.
 */
export const printable = (text: string): string =>
  PLAIN.test(text) ? text : text.replace(HOSTILE, (character) => character.split("").map(escapeUnit).join(""));

/** Makes text of lines. A line break inside a line is escaped too, so no name can begin a line. */
export const linesText = (lines: readonly string[]): Printable =>
  lines.map((line) => `${printable(line)}\n`).join("") as Printable;

/** Formats a value as JSON, on several lines. */
export const jsonText = (value: unknown): Printable => linesText(JSON.stringify(value, undefined, 2).split("\n"));

/** Joins texts that were made here. */
export const joinTexts = (...texts: readonly Printable[]): Printable => texts.join("") as Printable;

/** Makes a part of a line. */
export const plainText = (text: string): Printable => printable(text) as Printable;

/** Makes a part of a line with a colour, by the control sequence SGR. */
export const styledText = (code: number, text: string): Printable =>
  `\x1b[${code}m${printable(text)}\x1b[0m` as Printable;

export const NO_TEXT = plainText("");
