// The sequence numbers of streams of datagrams and of samples of data sources. They continue the numbers of an earlier
// process. See sFlow v5, sections 4 and 5 "sequence_number".

import { type DataSource, showDataSource } from "./data-source.ts";

/** The sequence counters of one stream of datagrams or samples. */
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

/**
 * The sequence counters of all streams. Each entry keeps its index until it is released. The index is then free for
 * another stream, and the entry is undefined until then.
 */
export type Numberings = readonly (Numbering | undefined)[];

export const flowsOf = (source: DataSource): string => `flows ${showDataSource(source)}`;
export const countersOf = (source: DataSource): string => `counters ${showDataSource(source)}`;
export const discardsOf = (source: DataSource): string => `discards ${showDataSource(source)}`;

/** Finds or starts the sequence counters of a stream, and has them saved before each send. */
export class Numbers {
  readonly #numberings: (Numbering | undefined)[];
  /** Index of each stream by name. With 40,000 containers, a search through all of them would take seconds. */
  readonly #places: Map<string, number>;
  /** Indexes without a stream. */
  readonly #free: number[] = [];
  readonly #keep: (numberings: Numberings) => void;

  /** `left` has the counters of an earlier process. `keep` is called before each send, to save all counters. */
  constructor(left: readonly Numbering[] = [], keep: (numberings: Numberings) => void = () => undefined) {
    this.#numberings = [...left];
    this.#places = new Map(left.map(({ name }, place) => [name, place]));
    this.#keep = keep;
  }

  get all(): Numberings {
    return this.#numberings;
  }

  /**
   * Returns the sequence counters of the stream with this name: the same object until it is released. Continues the
   * counters of an earlier process.
   */
  take(name: string): Numbering {
    const known = this.#numberings[this.#places.get(name) ?? -1];
    if (known !== undefined) return known;
    const fresh = { name, sequence: 0, pool: 0, drops: 0, subject: "" };
    const place = this.#free.pop() ?? this.#numberings.length;
    this.#numberings[place] = fresh;
    this.#places.set(name, place);
    return fresh;
  }

  /** Releases the sequence counters of a stream. If the stream appears again, its sequence numbers start at 1. */
  giveUp(name: string): void {
    const place = this.#places.get(name);
    if (place === undefined) return;
    this.#places.delete(name);
    this.#numberings[place] = undefined;
    this.#free.push(place);
  }

  keep(): void {
    this.#keep(this.#numberings);
  }
}
