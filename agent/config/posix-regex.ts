// Matches POSIX extended regular expressions in a time that is bounded for every pattern. A backtracking engine may try
// more ways than a machine can: `(.?){40}x` took minutes for a name of 15 characters.

import { type Part, parsePattern } from "./posix-pattern.ts";

/** A set of places in a text, one bit each. A part of a pattern leads from a set to the set of places where it ends. */
type Places = bigint;

/**
 * One text to search. With a reference, each position is two places: in the upper one, the group to which the reference
 * refers has matched `captured` last.
 */
class Search {
  readonly #text: string;
  readonly #referred: number;
  readonly #captured: string;
  readonly #positions: number;
  /** The places where a part of the pattern holds. */
  readonly #holding = new Map<Part, Places>();
  /** The places to which a repeated part leads from a single place. So nesting does not multiply the work. */
  readonly #rows = new Map<Part, Places[]>();

  constructor(text: string, referred: number, captured: string) {
    this.#text = text;
    this.#referred = referred;
    this.#captured = captured;
    this.#positions = text.length + 1;
  }

  /** Tells whether the pattern matches anywhere in the text. */
  matches(part: Part): boolean {
    return this.#after(part, this.#lower()) !== 0n;
  }

  #lower(): Places {
    return (1n << BigInt(this.#positions)) - 1n;
  }

  /** Returns the places of all positions where a condition holds. */
  #where(part: Part, holds: (at: number) => boolean): Places {
    const known = this.#holding.get(part);
    if (known !== undefined) return known;
    let places = 0n;
    for (let at = this.#positions - 1; at >= 0; at--) places = (places << 1n) | (holds(at) ? 1n : 0n);
    const both = this.#referred === 0 ? places : places | (places << BigInt(this.#positions));
    this.#holding.set(part, both);
    return both;
  }

  #after(part: Part, from: Places): Places {
    const text = this.#text;
    switch (part.kind) {
      case "character":
        return (from & this.#where(part, (at) => at < text.length && part.set.test(text[at] as string))) << 1n;
      case "position":
        return from & this.#where(part, (at) => part.holds(text, at));
      case "sequence":
        return part.parts.reduce((places, next) => (places === 0n ? places : this.#after(next, places)), from);
      case "choice":
        return part.parts.reduce((places, next) => places | this.#after(next, from), 0n);
      case "repeat":
        return this.#repeated(part.part, from, part.min, part.max);
      case "group":
        return part.number === this.#referred ? this.#captures(part.part, from) : this.#after(part.part, from);
      case "reference": {
        const found = this.#where(part, (at) => text.startsWith(this.#captured, at));
        return (from & ~this.#lower() & found) << BigInt(this.#captured.length);
      }
    }
  }

  /** A place leads only to itself and to later ones, so after a few counts nothing changes any more. */
  #repeated(part: Part, from: Places, min: number, max: number): Places {
    let places = from;
    for (let count = 0; count < min; count++) {
      const next = this.#once(part, places);
      if (next === places) break;
      places = next;
    }
    for (let count = min; count < max; count++) {
      const next = places | this.#once(part, places);
      if (next === places) break;
      places = next;
    }
    return places;
  }

  #once(part: Part, from: Places): Places {
    if (part.kind === "character" || part.kind === "position") return this.#after(part, from);
    const rows = this.#rows.get(part) ?? [];
    this.#rows.set(part, rows);
    let places = 0n;
    for (const at of this.#each(from)) {
      rows[at] ??= this.#after(part, 1n << BigInt(at));
      places |= rows[at] as Places;
    }
    return places;
  }

  #captures(part: Part, from: Places): Places {
    let places = 0n;
    for (const start of this.#each(from)) {
      for (const end of this.#each(this.#after(part, 1n << BigInt(start)))) {
        const [at, to] = [start % this.#positions, end % this.#positions];
        const isCaptured = this.#text.slice(at, to) === this.#captured;
        places |= 1n << BigInt(isCaptured ? this.#positions + to : to);
      }
    }
    return places;
  }

  #each(places: Places): number[] {
    const found: number[] = [];
    for (let at = 0, rest = places; rest !== 0n; at++, rest >>= 1n) if ((rest & 1n) !== 0n) found.push(at);
    return found;
  }
}

/** Longest text for a pattern with a reference, for which every part of the text is tried: the name of an interface. */
const LONGEST_REFERRED = 15;

/** Returns the distinct parts of a text, the empty one included. */
function partsOf(text: string): ReadonlySet<string> {
  const parts = new Set([""]);
  for (let from = 0; from < text.length; from++)
    for (let to = from + 1; to <= text.length; to++) parts.add(text.slice(from, to));
  return parts;
}

/** A pattern, case-sensitive, that may match anywhere in a name, as in hsflowd. Two with the same text are equal. */
export class PosixRegex {
  readonly text: string;
  readonly #part: Part;
  readonly #referred: number;

  /** Throws SyntaxError with the reason if the text is not a pattern. */
  constructor(text: string) {
    const { part, referred } = parsePattern(text);
    this.text = text;
    this.#part = part;
    this.#referred = referred;
  }

  test(name: string): boolean {
    if (this.#referred === 0) return this.#matches(name, "");
    return name.length <= LONGEST_REFERRED && [...partsOf(name)].some((captured) => this.#matches(name, captured));
  }

  #matches(name: string, captured: string): boolean {
    return new Search(name, this.#referred, captured).matches(this.#part);
  }
}
