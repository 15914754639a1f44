// The numbers that collectors follow: of every stream of datagrams and of the samples of every data source, and what an
// earlier process of the agent left of them. sFlow v5, sections 4 and 5 "sequence_number".

import { type DataSource, showDataSource } from "./data-source.ts";

export interface Numbering {
  /** Whose: `flows 0:3`, `counters 2:1`, `discards 0:3`, `datagrams 100000 192.0.2.1`. */
  readonly name: string;
  /** The last one given out; 0 before the first. Modulo 2^32, as are the others. */
  sequence: number;
  pool: number;
  drops: number;
  /** What the counters are of, where that may change while the data source stays; empty where it cannot. */
  subject: string;
}

/** Numberings, each in its place for as long as it is there; a place that was given up is taken by another. */
export type Places = readonly (Numbering | undefined)[];

export const flowsOf = (source: DataSource): string => `flows ${showDataSource(source)}`;
export const countersOf = (source: DataSource): string => `counters ${showDataSource(source)}`;
export const discardsOf = (source: DataSource): string => `discards ${showDataSource(source)}`;

export class Numbers {
  readonly #places: (Numbering | undefined)[];
  readonly #keep: (places: Places) => void;

  /** `left` are of an earlier process. `keep` is called before anything leaves that carries a number. */
  constructor(left: readonly Numbering[] = [], keep: (places: Places) => void = () => undefined) {
    this.#places = [...left];
    this.#keep = keep;
  }

  get places(): Places {
    return this.#places;
  }

  /** The same object until it is given up. It goes on where an earlier process was, or begins. */
  take(name: string): Numbering {
    const known = this.#places.find((numbering) => numbering?.name === name);
    if (known !== undefined) return known;
    const fresh = { name, sequence: 0, pool: 0, drops: 0, subject: "" };
    const free = this.#places.indexOf(undefined);
    this.#places[free < 0 ? this.#places.length : free] = fresh;
    return fresh;
  }

  /** The next of this name begins anew. */
  giveUp(name: string): void {
    const at = this.#places.findIndex((numbering) => numbering?.name === name);
    if (at >= 0) this.#places[at] = undefined;
  }

  keep(): void {
    this.#keep(this.#places);
  }
}
