// The sequence numbers of streams of datagrams and of samples of data sources. They continue the numbers of an earlier
// process. See sFlow v5, sections 4 and 5 "sequence_number".

import { type DataSource, showDataSource } from "./data-source.ts";

export interface Numbering {
  /** The stream that is numbered: `flows 0:3`, `counters 2:1`, `discards 0:3`, `datagrams 100000 192.0.2.1`. */
  readonly name: string;
  /** The last number used; 0 before the first use. All numbers are modulo 2^32. */
  sequence: number;
  pool: number;
  drops: number;
  /** Identifies what the counters count, if that may change while the data source stays the same; else empty. */
  subject: string;
}

/** All numberings. The index of a numbering stays the same until it is released; then another may use the index. */
export type Places = readonly (Numbering | undefined)[];

export const flowsOf = (source: DataSource): string => `flows ${showDataSource(source)}`;
export const countersOf = (source: DataSource): string => `counters ${showDataSource(source)}`;
export const discardsOf = (source: DataSource): string => `discards ${showDataSource(source)}`;

export class Numbers {
  readonly #places: (Numbering | undefined)[];
  readonly #keep: (places: Places) => void;

  /** `left` are the numberings of an earlier process. `keep` is called before each send, to save all numbers. */
  constructor(left: readonly Numbering[] = [], keep: (places: Places) => void = () => undefined) {
    this.#places = [...left];
    this.#keep = keep;
  }

  get places(): Places {
    return this.#places;
  }

  /**
   * Returns the numbering with this name, always the same object until it is released. Continues the numbering of an
   * earlier process.
   */
  take(name: string): Numbering {
    const known = this.#places.find((numbering) => numbering?.name === name);
    if (known !== undefined) return known;
    const fresh = { name, sequence: 0, pool: 0, drops: 0, subject: "" };
    const free = this.#places.indexOf(undefined);
    this.#places[free < 0 ? this.#places.length : free] = fresh;
    return fresh;
  }

  /** Releases a numbering. The next numbering with this name starts at 1. */
  giveUp(name: string): void {
    const at = this.#places.findIndex((numbering) => numbering?.name === name);
    if (at >= 0) this.#places[at] = undefined;
  }

  keep(): void {
    this.#keep(this.#places);
  }
}
