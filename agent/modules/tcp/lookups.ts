// The distinct connections of one batch: what to ask the kernel about each connection, and the answer.

import { Direction } from "../../capture/ports.ts";
import { KeyTable } from "./key-table.ts";
import type { LocalEnd } from "./local-ends.ts";
import { Outcome } from "./outcome.ts";
import { FACTS, keepFacts } from "./tcp-record.ts";

/** Local address (4 words), remote address (4), ports (local one in the upper half), namespace and family, ifIndex. */
export const LOOKUP_WORDS = 11;
const SLOT_AND_FAMILY = 9;
const INTERFACE = 10;

/**
 * The connections of a batch, in parallel arrays with an entry for each connection. `add` may replace the arrays, so
 * read their fields again after `add`.
 */
export class Lookups {
  readonly #table = new KeyTable(LOOKUP_WORDS);
  /** An `Outcome` for each connection. */
  outcome = new Uint8Array(64);
  /** FACTS words for each connection, valid after a hit. */
  facts = new Uint32Array(64 * FACTS);

  get count(): number {
    return this.#table.count;
  }

  /** Addresses and ports of connection i, laid out as for putDiagRequest, are at `at(i)`. */
  get keys(): Uint32Array {
    return this.#table.keys;
  }

  at(index: number): number {
    return index * LOOKUP_WORDS;
  }

  /** Returns the namespace of a connection, as an index in the table of namespaces. */
  slot(index: number): number {
    return (this.keys[index * LOOKUP_WORDS + SLOT_AND_FAMILY] as number) >>> 8;
  }

  family(index: number): number {
    return (this.keys[index * LOOKUP_WORDS + SLOT_AND_FAMILY] as number) & 0xff;
  }

  interfaceIndex(index: number): number {
    return this.keys[index * LOOKUP_WORDS + INTERFACE] as number;
  }

  clear(): void {
    this.#table.clear();
  }

  /** Returns the index of the connection of a flow. The flow key is at `at` of `keys`; `end` is the local end. */
  add(keys: Uint32Array, at: number, end: LocalEnd, family: number): number {
    const { next, keys: own, count } = this.#table;
    // In a received packet the local address is the second one, so the two are swapped.
    const shift = end.direction === Direction.sent ? 0 : 4;
    for (let i = 0; i < 8; i++) own[next + i] = keys[at + (i ^ shift)] as number;
    const ports = keys[at + 8] as number;
    own[next + 8] = shift === 0 ? ports : (ports << 16) | (ports >>> 16);
    own[next + SLOT_AND_FAMILY] = (end.slot << 8) | family;
    own[next + INTERFACE] = end.interfaceIndex;
    const index = this.#table.place();
    if (index === count) this.#open(index);
    return index;
  }

  /** Stores the answer about a connection that was found: a `struct tcp_info` of `length` bytes at `at` of `words`. */
  hit(index: number, words: Uint32Array, at: number, length: number): void {
    this.outcome[index] = Outcome.hit;
    keepFacts(words, at, length, this.facts, index * FACTS);
  }

  #open(index: number): void {
    if (index >= this.outcome.length) this.#grow();
    this.outcome[index] = Outcome.pending;
  }

  #grow(): void {
    const { outcome, facts } = this;
    this.outcome = new Uint8Array(outcome.length * 2);
    this.outcome.set(outcome);
    this.facts = new Uint32Array(facts.length * 2);
    this.facts.set(facts);
  }
}
