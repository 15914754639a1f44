// Collects samples into datagrams, numbers the datagrams, and sends them in time. See SFLOW-MIB sFlowReceiver, and
// sFlow v5, section 4.

import type { Cursor } from "../xdr/cursor.ts";
import { showAddress } from "./address.ts";
import { bytesOf, type Collector, NO_BYTES } from "./collector.ts";
import { Datagrams, type Stream } from "./datagram.ts";
import type { Environment } from "./environment.ts";
import { type Numbering, Numbers } from "./numbers.ts";

/** Longest time in milliseconds that a sample waits in its datagram. sFlow v5 allows one second. */
const LONGEST_WAIT = 100;

/** The list of collectors. */
export interface Collectors {
  /**
   * Adds a collector, which receives all later samples. Returns a function that sends pending samples and removes the
   * collector.
   */
  add(collector: Collector): () => void;
}

/** The number of datagrams sent. */
export interface ReceiverCounters {
  /** Number of datagrams. A datagram counts once, even if it is sent to several collectors. */
  datagrams: number;
  bytes: number;
}

/** Sends datagrams to all collectors. While `suppressed` is true, for lack of a collector or address, do not write. */
export class Receiver implements Collectors {
  readonly counters: ReceiverCounters = { datagrams: 0, bytes: NO_BYTES };
  readonly #environment: Environment;
  readonly #collectors = new Set<Collector>();
  readonly #listeners: (() => void)[] = [];
  readonly #numbers: Numbers;
  /** The sequence counter of the stream of datagrams; undefined without an agent address. */
  #numbering: Numbering | undefined;
  #datagrams: Datagrams;
  /** Runs while samples wait in a datagram. */
  #timer: { cancel(): void } | undefined;
  #collecting = false;
  #hurried = false;
  #suppressed = true;

  constructor(environment: Environment, stream: Stream, numbers = new Numbers()) {
    this.#environment = environment;
    this.#numbers = numbers;
    this.#numbering = this.#numberingOf(stream);
    this.#datagrams = new Datagrams(stream);
  }

  get suppressed(): boolean {
    return this.#suppressed;
  }

  /** Largest size of a sample in bytes, including tag and length. */
  get room(): number {
    return this.#datagrams.room;
  }

  /**
   * Returns a cursor for a sample of exactly `length` bytes, a multiple of 4 and at most `room`. The caller writes the
   * sample before the next call.
   */
  place(length: number): Cursor {
    if (!this.#datagrams.fits(length)) this.#makeRoom();
    if (!this.#collecting) this.#wait();
    return this.#datagrams.reserve(length);
  }

  /**
   * Calls `write`, which writes samples. Sends all pending samples if it returns true. Does not start the timer before:
   * a timer that is cancelled would still wake the process.
   */
  collect(write: () => boolean): void {
    let isDue = false;
    this.#collecting = true;
    try {
      isDue = write();
    } finally {
      this.#collecting = false;
      if (isDue) this.flush();
      else if (!this.#datagrams.empty) this.#wait();
    }
  }

  /** Sends all pending samples. */
  flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#datagrams.close();
    if (this.#datagrams.count > 0) this.#send();
  }

  /** Sends all pending samples at the end of this turn, including samples that are written later in the turn. */
  hurry(): void {
    if (this.#hurried) return;
    this.#hurried = true;
    this.#environment.clock.after(0, () => {
      this.#hurried = false;
      this.flush();
    });
  }

  /**
   * Changes the stream. Sends pending samples first. Continues the numbers if the same address and sub-agent sent
   * before.
   */
  configure(stream: Stream): void {
    this.flush();
    this.#numbering = this.#numberingOf(stream);
    this.#datagrams = new Datagrams(stream);
    this.#updateSuppressed();
  }

  add(collector: Collector): () => void {
    this.flush();
    this.#collectors.add(collector);
    this.#updateSuppressed();
    return () => {
      this.flush();
      this.#collectors.delete(collector);
      this.#updateSuppressed();
    };
  }

  /** Calls the listener each time the receiver stops being suppressed. */
  onActive(listener: () => void): void {
    this.#listeners.push(listener);
  }

  #numberingOf({ address, subAgentId }: Stream): Numbering | undefined {
    return address && this.#numbers.take(`datagrams ${subAgentId} ${showAddress(address)}`);
  }

  #wait(): void {
    this.#timer ??= this.#environment.clock.after(LONGEST_WAIT, () => this.flush());
  }

  /** Does not stop the timer, so later samples may be sent early, but never late. */
  #makeRoom(): void {
    this.#datagrams.close();
    if (this.#datagrams.full) this.#send();
  }

  #send(): void {
    const { clock, guard } = this.#environment;
    const datagrams = this.#datagrams;
    const numbering = this.#numbering;
    if (numbering === undefined) return;
    // `>>> 0` computes the uptime modulo 2^32: it wraps after 49 days.
    numbering.sequence = datagrams.stamp(numbering.sequence, clock.uptime() >>> 0);
    this.#numbers.keep();
    for (const collector of this.#collectors)
      guard("collector", () => collector.send(collector.form === "compact" ? datagrams.compact : datagrams));
    this.counters.datagrams += datagrams.count;
    this.counters.bytes += bytesOf(datagrams, 0, datagrams.count);
    datagrams.clear();
  }

  #updateSuppressed(): void {
    const before = this.#suppressed;
    this.#suppressed = this.#collectors.size === 0 || this.#numbering === undefined;
    if (before && !this.#suppressed) for (const listener of this.#listeners) listener();
  }
}
