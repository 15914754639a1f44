// Reads an object of a message by a table of its keys. Keys are compared without regard to case, as in hsflowd.

import type { JsonObject } from "./document.ts";
import { Fault } from "./fault.ts";
import type { Read } from "./values.ts";

/** The keys of an object, and how each is read. A reader returns undefined for a value that means "absent". */
export class Shape<K extends string> {
  /** By the key as it is spelled in the table, and in lower case. */
  readonly #keys = new Map<string, readonly [key: K, read: Read]>();

  /** `as` has the keys that are another spelling, or another unit, of a key of the result. */
  constructor(table: Readonly<Record<string, Read>>, as: Readonly<Record<string, K>> = {}) {
    for (const [key, read] of Object.entries(table)) {
      const entry = [as[key] ?? (key as K), read] as const;
      this.#keys.set(key, entry);
      this.#keys.set(key.toLowerCase(), entry);
    }
  }

  /**
   * Adds the values of the known keys to `values`, and returns that. Ignores other keys, because a newer sender may
   * have more, and null, which is how many languages write an absent value.
   */
  read(given: JsonObject, values: Partial<Record<K, unknown>> = {}): Partial<Record<K, unknown>> {
    for (const name in given) {
      const value = given[name];
      const known = this.#keys.get(name) ?? this.#keys.get(name.toLowerCase());
      if (known === undefined || value === null) continue;
      const result = within(name, known[1], value);
      if (result !== undefined) values[known[0]] = result;
    }
    return values;
  }
}

/** Reads a value. Adds the key to the place of a fault. */
export function within(key: string, read: Read, value: unknown): unknown {
  try {
    return read(value);
  } catch (error) {
    throw error instanceof Fault ? error.inside(key) : error;
  }
}
