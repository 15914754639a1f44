// Option values that are patterns for names: POSIX extended regular expressions that may match anywhere in a name, as
// in hsflowd.

import { type About, type Note, type Option, option, ValueError } from "./option.ts";
import { PosixRegex } from "./posix-regex.ts";

function read(text: string): PosixRegex {
  try {
    return new PosixRegex(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const glob = /^[\w.-]*\*$/.test(text) ? `${text.slice(0, -1)}.*` : undefined;
    throw new ValueError(`a regular expression (${error.message})`, glob);
  }
}

/** Returns a warning about a pattern that is valid but probably means something else to its author. */
function note(text: string): Note | undefined {
  const glob = /^([A-Za-z_-]+)([A-Za-z_-])\*$/.exec(text);
  if (glob !== null) {
    const [, start, last] = glob;
    const meaning = `"${start}" followed by any number of "${last}"`;
    const prefix = `for names that begin with "${start}${last}" write "^${start}${last}"`;
    return { message: `"${text}" is a regular expression, ${meaning}; ${prefix}` };
  }
  const names = text.split(/, */);
  if (names.length > 1 && names.every((name) => /^[\w.-]+$/.test(name))) {
    const message = `"${text}" is a regular expression, which matches only names with a comma`;
    return { message, nearest: `^(${names.join("|")})$` };
  }
  const letter = /(?:^|[^\\])(?:\\\\)*\\([dD])/.exec(text)?.[1];
  return letter === undefined
    ? undefined
    : { message: `\\${letter} matches the letter "${letter}"; for a digit write [0-9]` };
}

/** Makes an option for a pattern. `pattern` is the default as written in a file, or undefined for no default. */
export function regex(
  about: Omit<About<undefined>, "default"> & { readonly pattern?: undefined },
): Option<PosixRegex | undefined>;
export function regex(about: Omit<About<undefined>, "default"> & { readonly pattern: string }): Option<PosixRegex>;
export function regex(
  about: Omit<About<undefined>, "default"> & { readonly pattern?: string | undefined },
): Option<PosixRegex | undefined> {
  const { pattern, ...rest } = about;
  const value = pattern === undefined ? undefined : new PosixRegex(pattern);
  const shown = rest.example ?? pattern ?? "";
  return {
    ...option<PosixRegex, PosixRegex | undefined>("regex", { ...rest, default: value, example: shown }, read),
    note,
  };
}
