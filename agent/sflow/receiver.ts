// Samples in, datagrams out: fills datagrams, sends them in time, numbers them per stream. SFLOW-MIB sFlowReceiver;
// sFlow v5, section 4.

import type { Cursor } from "../xdr/cursor.ts";
import { showAddress } from "./address.ts";
import { bytesOf, type Collector, NO_BYTES } from "./collector.ts";
import { Datagrams, type Stream } from "./datagram.ts";
import type { Environment } from "./environment.ts";
import { type Numbering, Numbers } from "./numbers.ts";

/** Milliseconds that the first sample of a datagram waits for company. sFlow v5 allows a second. */
const PATIENCE = 100;

/** What collectors are added to. */
export interface Collectors {
  /** It gets every datagram from here on. The function returned takes it out, after what is pending has gone to it. */
  add(collector: Collector): () => void;
}

export interface ReceiverCounters {
  /** Each counted once, however many collectors got it. */
  datagrams: number;
  bytes: number;
}

/** Without a collector or an agent address it is `suppressed`: nothing may be written, so that nothing is numbered. */
export class Receiver implements Collectors {
  readonly counters: ReceiverCounters = { datagrams: 0, bytes: NO_BYTES };
  readonly #environment: Environment;
  readonly #collectors = new Set<Collector>();
  readonly #listeners: (() => void)[] = [];
  readonly #numbers: Numbers;
  /** Undefined without an agent address. */
  #numbering: Numbering | undefined;
  #datagrams: Datagrams;
  #waiting = false;
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

  /** The most bytes a sample may have, tag and length included. */
  get room(): number {
    return this.#datagrams.room;
  }

  /**
   * Where a sample of exactly this many bytes, a multiple of 4 and `room` at most, is put: at once, before the next
   * call.
   */
  place(length: number): Cursor {
    if (!this.#datagrams.fits(length)) this.#makeRoom();
    if (!this.#waiting) this.#wait();
    return this.#datagrams.reserve(length);
  }

  /** Sends all that is pending. */
  flush(): void {
    this.#datagrams.close();
    if (this.#datagrams.count > 0) this.#send();
  }

  /**
   * Sends all that is pending in a moment: with what else is written in this one, and not at the end of its patience.
   */
  hurry(): void {
    if (this.#hurried) return;
    this.#hurried = true;
    this.#environment.clock.after(0, () => {
      this.#hurried = false;
      this.flush();
    });
  }

  /** What is pending goes out as it is; numbering goes on where a stream of this address and sub-agent was before. */
  configure(stream: Stream): void {
    this.flush();
    this.#numbering = this.#numberingOf(stream);
    this.#datagrams = new Datagrams(stream);
    this.#judge();
  }

  add(collector: Collector): () => void {
    this.flush();
    this.#collectors.add(collector);
    this.#judge();
    return () => {
      this.flush();
      this.#collectors.delete(collector);
      this.#judge();
    };
  }

  /** Called each time the receiver stops being suppressed. */
  onActive(listener: () => void): void {
    this.#listeners.push(listener);
  }

  #numberingOf({ address, subAgentId }: Stream): Numbering | undefined {
    return address && this.#numbers.take(`datagrams ${subAgentId} ${showAddress(address)}`);
  }

  #makeRoom(): void {
    this.#datagrams.close();
    if (this.#datagrams.full) this.#send();
  }

  /** The timer is left to run out when a full batch went before it: what has come since then goes early, never late. */
  #wait(): void {
    this.#waiting = true;
    this.#environment.clock.after(PATIENCE, () => {
      this.#waiting = false;
      this.flush();
    });
  }

  #send(): void {
    const { clock, guard } = this.#environment;
    const datagrams = this.#datagrams;
    const numbering = this.#numbering;
    if (numbering === undefined) return;
    // `>>> 0` is the modulo 2^32 at which uptime wraps, after 49 days.
    numbering.sequence = datagrams.stamp(numbering.sequence, clock.uptime() >>> 0);
    this.#numbers.keep();
    for (const collector of this.#collectors) guard("collector", () => collector.send(datagrams));
    this.counters.datagrams += datagrams.count;
    this.counters.bytes += bytesOf(datagrams, 0, datagrams.count);
    datagrams.clear();
  }

  #judge(): void {
    const before = this.#suppressed;
    this.#suppressed = this.#collectors.size === 0 || this.#numbering === undefined;
    if (before && !this.#suppressed) for (const listener of this.#listeners) listener();
  }
}
