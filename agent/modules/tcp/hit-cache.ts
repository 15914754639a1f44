// Cache of answers from the last half second, for packets whose socket was closed before the lookup.

import { KeyTable } from "./key-table.ts";
import { LOOKUP_WORDS, type Lookups } from "./lookups.ts";
import { Outcome } from "./outcome.ts";
import { FACTS } from "./tcp-record.ts";

/** Milliseconds for which one half of the cache is filled. Then the other, older half is emptied and filled next. */
const HALF = 250;
/** Largest number of connections in a half. A full half is switched earlier, so the cache then covers less time. */
const MOST = 8192;

/** One of the two halves of the cache: connections, each with the fields of the kernel's answer. */
class Half {
  readonly table = new KeyTable(LOOKUP_WORDS);
  facts = new Uint32Array(64 * FACTS);

  /** Returns the index, in this half, of connection `index` of `lookups`; -1 if this half does not have it. */
  find(lookups: Lookups, index: number): number {
    this.#write(lookups, index);
    return this.table.find();
  }

  put(lookups: Lookups, index: number): void {
    this.#write(lookups, index);
    const to = this.table.place() * FACTS;
    if (to >= this.facts.length) this.#grow();
    for (let i = 0; i < FACTS; i++) this.facts[to + i] = lookups.facts[index * FACTS + i] as number;
  }

  #write(lookups: Lookups, index: number): void {
    const { keys, next } = this.table;
    const from = lookups.at(index);
    for (let i = 0; i < LOOKUP_WORDS; i++) keys[next + i] = lookups.keys[from + i] as number;
  }

  #grow(): void {
    const { facts } = this;
    this.facts = new Uint32Array(facts.length * 2);
    this.facts.set(facts);
  }
}

/** The kernel's answers about connections that were found within the last half second. */
export class HitCache {
  #young = new Half();
  #old = new Half();
  /** Number of periods of 250 ms since boot, up to the one in which `#young` is filled. */
  #turn = 0;

  /** Removes answers older than half a second. `now` is milliseconds of uptime. */
  begin(now: number): void {
    const turn = Math.floor(now / HALF);
    if (turn > this.#turn) this.#change();
    if (turn > this.#turn + 1) this.#change();
    this.#turn = turn;
  }

  /** Removes all answers. Needed after a namespace is removed, because another namespace may get the same `slot`. */
  clear(): void {
    this.#young.table.clear();
    this.#old.table.clear();
  }

  /** Keeps the answer about connection `index`. */
  keep(lookups: Lookups, index: number): void {
    if (this.#young.table.count >= MOST) this.#change();
    this.#young.put(lookups, index);
  }

  /** Copies the cached answer about connection `index` into `lookups`. Returns false if no answer is cached. */
  recall(lookups: Lookups, index: number): boolean {
    return recallFrom(this.#young, lookups, index) || recallFrom(this.#old, lookups, index);
  }

  #change(): void {
    const old = this.#old;
    old.table.clear();
    this.#old = this.#young;
    this.#young = old;
  }
}

function recallFrom(half: Half, lookups: Lookups, index: number): boolean {
  const found = half.find(lookups, index);
  if (found < 0) return false;
  for (let i = 0; i < FACTS; i++) lookups.facts[index * FACTS + i] = half.facts[found * FACTS + i] as number;
  lookups.outcome[index] = Outcome.hit;
  return true;
}
