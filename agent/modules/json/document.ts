// Parses the text of a message as JSON, and keeps whole numbers exact that a double cannot hold. See RFC 8259.

import { Fault } from "./fault.ts";

/** Stands before the digits of a long number. A sender may write it too, as \u0000, and then means a number. */
export const LONG_NUMBER = "\u0000";

/** Doubles hold all whole numbers of 15 digits. */
const HAS_LONG = /\d{16}/;
const STRING_OR_LONG = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/gs;

/** Replaces long whole numbers outside of strings by strings that `wholeNumber` recognizes. */
const keepLong = (text: string): string =>
  text.replace(STRING_OR_LONG, (found) => (found.startsWith('"') ? found : `"\\u0000${found}"`));

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Returns the object of a message. Throws a Fault if the text is something else. */
export function parseDocument(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(HAS_LONG.test(text) ? keepLong(text) : text);
  } catch (error) {
    throw new Fault("NotJson", error instanceof SyntaxError ? error.message : "not valid JSON");
  }
  if (!isObject(value)) throw new Fault("NotJson", "expected an object");
  return value;
}
