// Parses only the wanted members of a JSON object. A container with 10,000 published ports has answers of megabytes,
// and parsing all of that would take hundreds of milliseconds.

import { Structure } from "./structure.ts";

/** Names of wanted members. `true`: the whole value; otherwise the members that are wanted of the value. */
export interface Wanted {
  readonly [name: string]: true | Wanted;
}

/** Characters of the longest value that is parsed as a whole. */
const LONGEST_VALUE = 16_384;

function parse(text: string): unknown {
  if (text.length > LONGEST_VALUE) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Returns the wanted members that the object has; undefined if the text is not a whole object. */
export function pick(text: string, wanted: Wanted): Readonly<Record<string, unknown>> | undefined {
  const structure = new Structure();
  const found: Record<string, unknown> = {};
  let start = text.indexOf("{");
  if (start < 0 || text.slice(0, start).trim() !== "") return undefined;
  for (let i = start; i < text.length; i++) {
    if (!structure.isBoundary(text.charCodeAt(i))) continue;
    if (i > start) takeMember(text.slice(start, i), wanted, found);
    start = i + 1;
    if (structure.depth === 0) return text.slice(start).trim() === "" ? found : undefined;
  }
  return undefined;
}

/** Characters in which the name of a wanted member is looked for. */
const LONGEST_NAME = 64;

function takeMember(member: string, wanted: Wanted, found: Record<string, unknown>): void {
  const [whole = "", name = ""] = /^\s*"(\w+)"\s*:/.exec(member.slice(0, LONGEST_NAME)) ?? [];
  if (!Object.hasOwn(wanted, name)) return;
  const value = member.slice(whole.length);
  const parts = wanted[name];
  found[name] = typeof parts === "object" ? pick(value, parts) : parse(value);
}
