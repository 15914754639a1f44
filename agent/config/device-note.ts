// Warnings about names of interfaces that are probably meant as a list or as a pattern. hsflowd accepts any word, so
// they are no errors. See interface names in ip-link(8), glob(7).

import { quote } from "./error.ts";
import type { Note } from "./option.ts";

/** Names that other programs use for all interfaces. */
const ALL = ["*", "any", "all"];

const escaped = (text: string): string => text.replaceAll(/[.+()|^$\\]/g, "\\$&");

/** Returns the regular expression for names that a shell's pattern matches: `eth*` becomes `^eth`. */
function fromGlob(glob: string): string {
  const parts = glob.split(/(\*|\?|\[[^\]]*\])/).map((part, i) => {
    if (i % 2 === 0) return escaped(part);
    return part === "*" ? ".*" : part === "?" ? "." : part.replace(/^\[!/, "[^");
  });
  return `^${parts.join("")}$`;
}

const alternatives = (names: readonly string[]): string =>
  `^(${names.map((name) => fromGlob(name).replaceAll(/^\^|\$$/g, "")).join("|")})$`;

/** Returns the regular expression that was probably meant by the name; undefined if it is a plain name. */
function patternIn(text: string): string | undefined {
  const names = text.split(/[,|]/).filter((name) => name !== "");
  if (/^[^()[\]^$\\]*$/.test(text) && names.length > 1) return alternatives(names);
  if (/[\^$()\\+|{}]/.test(text)) return text;
  return /[*?[]/.test(text) ? fromGlob(text).replace(/\.\*\$$/, "") : undefined;
}

/** Warns about a text that is no plain name. `patternKey` is the key for patterns in the same block, if it has one. */
export function noteDevice(text: string, patternKey: string | undefined): Note | undefined {
  const message = `${quote(text)} is read as the name of one interface`;
  if (ALL.includes(text.toLowerCase()) && patternKey !== undefined)
    return { message, remedy: "leave the key out to choose all interfaces" };
  const [, before = ""] = /^([^@:/]+)[@:/]/.exec(text) ?? [];
  if (before !== "")
    return {
      message: `${quote(text)} is not the name of an interface: it has a "${text[before.length]}"`,
      nearest: before,
    };
  const single = text.replace(/,+$/, "");
  if (single !== text && noteDevice(single, patternKey) === undefined) return { message, nearest: single };
  const pattern = patternIn(single);
  const isExclusion = text.startsWith("!");
  if (pattern === undefined && !isExclusion) return undefined;
  if (pattern === undefined || isExclusion || patternKey === undefined)
    return { message, remedy: "this key takes one interface" };
  return { message, nearest: `${patternKey} = ${/[{}]/.test(pattern) ? `"${pattern}"` : pattern}` };
}
