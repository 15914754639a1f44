// Option values that are words: on or off, a word of a list, the name of an interface, the path of a file.

import { noteDevice } from "./device-note.ts";
import { nearestWord } from "./nearest.ts";
import { type About, type Option, option, ValueError } from "./option.ts";

const YES = ["yes", "true", "1", "enable", "enabled"];
const NO = ["no", "false", "0", "disable", "disabled", "none"];

/** Reads `on` or `off`, in any case. */
export function onoff<D extends boolean | undefined>(about: About<D>): Option<boolean | D> {
  const read = (text: string): boolean => {
    const word = text.toLowerCase();
    if (word === "on") return true;
    if (word === "off") return false;
    const nearest = YES.includes(word) ? "on" : NO.includes(word) ? "off" : nearestWord(word, ["on", "off"]);
    throw new ValueError("on or off", nearest);
  };
  return option<boolean, D>("on|off", about, read, (value) => (value ? "on" : "off"));
}

/** Reads one of a list of words, in any case. */
export function choice<const W extends string>(about: About<W> & { readonly words: readonly W[] }): Option<W> {
  const { words, ...rest } = about;
  return option<W, W>(words.join("|"), rest, (text) => {
    const found = words.find((word) => word.toLowerCase() === text.toLowerCase());
    if (found === undefined) throw new ValueError(`one of: ${words.join(", ")}`, nearestWord(text, words));
    return found;
  });
}

function nonEmpty(what: string, text: string): string {
  if (text === "") throw new ValueError(what);
  return text;
}

export const text = <D extends string | undefined>(about: About<D>): Option<string | D> =>
  option<string, D>("string", about, (value) => nonEmpty("a string", value));

/**
 * Reads the name of a network interface. Does not check that the interface exists: it may appear later. `patternKey` is
 * the key of the same block for a pattern, suggested for a name that looks like one.
 */
export function device<D extends string | undefined>({
  patternKey,
  ...about
}: About<D> & { readonly patternKey?: string }): Option<string | D> {
  const read = (value: string): string => nonEmpty("the name of an interface", value);
  return { ...option<string, D>("device", about, read), note: (value) => noteDevice(value, patternKey) };
}

/** Reads the path of a file. Does not check that the file exists: it may appear later. */
export const path = <D extends string | undefined>(about: About<D>): Option<string | D> =>
  option<string, D>("path", about, (value) => nonEmpty("the path of a file", value));
