// A pattern for names: a POSIX extended regular expression, not anchored, as hsflowd has it.

import { type About, type Option, option, ValueError } from "./option.ts";
import { posixRegex } from "./posix-regex.ts";

function read(text: string): RegExp {
  try {
    return posixRegex(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const glob = /^[\w.-]*\*$/.test(text) ? `${text.slice(0, -1)}.*` : undefined;
    throw new ValueError(`a regular expression (${error.message})`, glob);
  }
}

/** Patterns that are valid and mean something else than they look like. */
function note(text: string): string | undefined {
  const glob = /^([A-Za-z_-]+)([A-Za-z_-])\*$/.exec(text);
  if (glob !== null) {
    return `"${text}" is a regular expression: "${glob[1]}" and any number of "${glob[2]}"; a name that begins so is "^${glob[1]}${glob[2]}"`;
  }
  const letter = /(?:^|[^\\])(?:\\\\)*\\([dD])/.exec(text)?.[1];
  return letter === undefined ? undefined : `\\${letter} is the letter "${letter}" here; a digit is [0-9]`;
}

/** `pattern` is the default, in the file's own spelling; undefined for none. */
export function regex(
  about: Omit<About<undefined>, "default"> & { readonly pattern?: undefined },
): Option<RegExp | undefined>;
export function regex(about: Omit<About<undefined>, "default"> & { readonly pattern: string }): Option<RegExp>;
export function regex(
  about: Omit<About<undefined>, "default"> & { readonly pattern?: string | undefined },
): Option<RegExp | undefined> {
  const { pattern, ...rest } = about;
  const value = pattern === undefined ? undefined : posixRegex(pattern);
  const shown = rest.example ?? pattern ?? "";
  return { ...option<RegExp, RegExp | undefined>("regex", { ...rest, default: value, example: shown }, read), note };
}
