// Reads and writes the counters samples of one data source at its own time. SFLOW-MIB sFlowCp; sFlow v5, section 5
// "counters_sample".

import type { Poller, ReadCounters } from "./agent.ts";
import { CounterHistory } from "./counter-history.ts";
import type { AgentCounters } from "./counters.ts";
import { type DataSource, showDataSource } from "./data-source.ts";
import type { Environment } from "./environment.ts";
import type { Numbering } from "./numbers.ts";
import type { Receiver } from "./receiver.ts";
import type { CounterRecord } from "./record.ts";
import { byFormat, COUNTERS_SAMPLE_BYTES, putCountersSample } from "./sample.ts";
import type { Scratch } from "./scratch.ts";

interface Contribution {
  readonly read: ReadCounters;
  readonly onDiscontinuity: (() => void) | undefined;
}

/** What every poller shares. */
export interface PollerParts {
  readonly environment: Environment;
  readonly receiver: Receiver;
  readonly scratch: Scratch;
  readonly counters: AgentCounters;
}

export class CountersPoller implements Poller {
  readonly source: DataSource;
  readonly #parts: PollerParts;
  readonly #onRemove: () => void;
  readonly #where: string;
  readonly #contributions: Contribution[] = [];
  readonly #history = new CounterHistory();
  readonly #numbering: Numbering;
  /** The subject changed since the last sample. */
  #changedSubject = false;
  /** Seconds; 0 is off. */
  #interval = 0;
  /** Milliseconds of uptime at which the next sample is due. */
  #due = 0;
  #sampled = false;
  #scheduled = false;
  #timer = { cancel(): void {} };

  constructor(source: DataSource, parts: PollerParts, numbering: Numbering, onRemove: () => void) {
    this.source = source;
    this.#parts = parts;
    this.#numbering = numbering;
    this.#onRemove = onRemove;
    this.#where = `counters ${showDataSource(source)}`;
  }

  contribute(read: ReadCounters, onDiscontinuity?: () => void): () => void {
    const contribution = { read, onDiscontinuity };
    this.#contributions.push(contribution);
    // Readers that are added in the same turn come before the timer, so the first sample has the records of all.
    if (!this.#scheduled && this.#contributions.length === 1) this.#beginSoon();
    return () => {
      const at = this.#contributions.indexOf(contribution);
      if (at >= 0) this.#contributions.splice(at, 1);
    };
  }

  setSubject(subject: string): boolean {
    const before = this.#numbering.subject;
    if (before === subject) return false;
    this.#numbering.subject = subject;
    this.#numbering.sequence = 0;
    this.#changedSubject ||= before !== "";
    return before !== "";
  }

  sampleNow(): void {
    this.#sample();
    this.#parts.receiver.hurry();
  }

  remove(): void {
    this.#interval = 0;
    this.#timer.cancel();
    this.#onRemove();
  }

  /** The phase is drawn anew. 0 is off. */
  setInterval(seconds: number): void {
    if (seconds === this.#interval) return;
    this.#interval = seconds;
    this.#timer.cancel();
    if (seconds === 0) this.#scheduled = false;
    else if (this.#scheduled) this.#drawPhase();
    else this.#beginSoon();
  }

  /** The first sample, and the schedule: where there is something to read and somebody to send it to. */
  begin(): void {
    const idle = this.#scheduled || this.#interval === 0 || this.#contributions.length === 0;
    if (idle || this.#parts.receiver.suppressed) return;
    if (!this.#sampled) this.#sample();
    this.#drawPhase();
  }

  #beginSoon(): void {
    this.#parts.environment.clock.after(0, () => this.begin());
  }

  #sample(): void {
    const { receiver, counters } = this.#parts;
    if (this.#interval === 0) return;
    if (receiver.suppressed) {
      counters.counterSamplesSuppressed++;
      return;
    }
    this.#sampled = true;
    const records = this.#read();
    this.#checkCounters(records);
    this.#writeAll(records);
  }

  #read(): CounterRecord[] {
    const { guard } = this.#parts.environment;
    const records: CounterRecord[] = [];
    for (const { read } of this.#contributions) guard(this.#where, () => read(records));
    return records.sort(byFormat);
  }

  /** Starts the sequence again if a counter went backwards, so that no collector computes a delta. */
  #checkCounters(records: readonly CounterRecord[]): void {
    const { guard } = this.#parts.environment;
    const fell = this.#history.update(records);
    if (fell) this.#numbering.sequence = 0;
    if (!fell && !this.#changedSubject) return;
    this.#changedSubject = false;
    for (const { onDiscontinuity } of this.#contributions) {
      if (onDiscontinuity !== undefined) guard(this.#where, onDiscontinuity);
    }
  }

  /**
   * Records that do not fit one datagram go out in several samples, as each stands for itself. One too large alone is
   * left out.
   */
  #writeAll(records: readonly CounterRecord[]): void {
    const { receiver, scratch, counters } = this.#parts;
    const room = receiver.room - COUNTERS_SAMPLE_BYTES;
    let together: CounterRecord[] = [];
    let bytes = 0;
    for (const record of records) {
      const size = scratch.measure(this.#where, record);
      if (size > room) counters.recordsLeftOut++;
      if (size === 0 || size > room) continue;
      if (bytes + size > room) {
        this.#write(together, bytes);
        counters.counterSamplesSplit++;
        together = [];
        bytes = 0;
      }
      together.push(record);
      bytes += size;
    }
    if (together.length > 0) this.#write(together, bytes);
  }

  #write(records: readonly CounterRecord[], bytes: number): void {
    const { receiver, counters } = this.#parts;
    const numbering = this.#numbering;
    numbering.sequence = (numbering.sequence + 1) >>> 0;
    const sample = { sequence_number: numbering.sequence, source_id: this.source, counters: records };
    putCountersSample(receiver.place(COUNTERS_SAMPLE_BYTES + bytes), sample);
    counters.counterSamples++;
  }

  /** A second to a whole interval from now: pollers that began together drift apart, on this host and between hosts. */
  #drawPhase(): void {
    const { clock, random } = this.#parts.environment;
    const milliseconds = 1000 + random((this.#interval - 1) * 1000 + 1);
    this.#due = clock.uptime() + milliseconds;
    this.#scheduled = true;
    this.#schedule(milliseconds);
  }

  #schedule(milliseconds: number): void {
    this.#timer.cancel();
    this.#timer = this.#parts.environment.clock.after(milliseconds, () => this.#onTime());
  }

  /** Times are counted from the first, so that delays do not add up; those that a stall went past are left out. */
  #onTime(): void {
    const now = this.#parts.environment.clock.uptime();
    do this.#due += this.#interval * 1000;
    while (this.#due <= now);
    this.#schedule(this.#due - now);
    this.#sample();
  }
}
