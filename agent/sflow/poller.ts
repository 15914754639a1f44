// Schedules, reads and writes the counters samples of one data source. See SFLOW-MIB sFlowCp, and sFlow v5, section 5
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

/** The objects that all pollers share. */
export interface PollerParts {
  readonly environment: Environment;
  readonly receiver: Receiver;
  readonly scratch: Scratch;
  readonly counters: AgentCounters;
}

/** Takes the counters samples of one data source on its schedule. */
export class CountersPoller implements Poller {
  readonly source: DataSource;
  readonly #parts: PollerParts;
  readonly #onRemove: () => void;
  readonly #where: string;
  readonly #contributions: Contribution[] = [];
  readonly #history = new CounterHistory();
  readonly #numbering: Numbering;
  /** True if the subject changed since the last sample. */
  #changedSubject = false;
  /** Seconds between samples; 0 means off. */
  #interval = 0;
  /** The interval of the agent, and of this source alone. */
  #common = 0;
  #own: number | undefined;
  /** Uptime in milliseconds at which the next sample is due. */
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
    // The first sample waits for the end of this turn, so that it has records of all readers that are added in the
    // turn.
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

  write(records: readonly CounterRecord[]): void {
    const { receiver, counters } = this.#parts;
    if (receiver.suppressed) {
      counters.counterSamplesSuppressed++;
      return;
    }
    this.#send([...records].sort(byFormat));
    receiver.hurry();
  }

  remove(): void {
    this.#common = 0;
    this.#own = undefined;
    this.#interval = 0;
    this.#timer.cancel();
    this.#onRemove();
  }

  setPolling(seconds: number | undefined): void {
    this.#own = seconds;
    this.#applyInterval();
  }

  /** Sets the interval of the agent in seconds, 0 for off. */
  setInterval(seconds: number): void {
    this.#common = seconds;
    this.#applyInterval();
  }

  /** Draws a new phase if the interval changed. */
  #applyInterval(): void {
    const seconds = this.#own ?? this.#common;
    if (seconds === this.#interval) return;
    this.#interval = seconds;
    this.#timer.cancel();
    if (seconds === 0) this.#scheduled = false;
    else if (this.#scheduled) this.#drawPhase();
    else this.#beginSoon();
  }

  /**
   * Takes the first sample and starts the schedule, if there are a reader and a collector. The first sample is sent in
   * this turn: the collector learns of a started agent, and of a new source, without delay.
   */
  begin(): void {
    const idle = this.#scheduled || this.#interval === 0 || this.#contributions.length === 0;
    if (idle || this.#parts.receiver.suppressed) return;
    if (!this.#sampled) this.sampleNow();
    this.#drawPhase();
  }

  #beginSoon(): void {
    const { clock, queue } = this.#parts.environment;
    clock.after(0, () => queue.add(() => this.begin()));
  }

  #sample(): void {
    const { receiver, counters } = this.#parts;
    if (this.#interval === 0) return;
    if (receiver.suppressed) {
      counters.counterSamplesSuppressed++;
      return;
    }
    this.#sampled = true;
    this.#send(this.#read());
  }

  #send(records: readonly CounterRecord[]): void {
    this.#checkCounters(records);
    this.#writeAll(records);
  }

  #read(): CounterRecord[] {
    const { guard } = this.#parts.environment;
    const records: CounterRecord[] = [];
    for (const { read } of this.#contributions) guard(this.#where, () => read(records));
    return records.sort(byFormat);
  }

  /** Restarts the sequence if a counter went backwards, so that collectors do not compute a delta. */
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
   * Writes the records. If they do not fit one datagram, splits them over several samples, each of which is valid
   * alone. Leaves out a record that is too large for any datagram.
   */
  #writeAll(records: readonly CounterRecord[]): void {
    const { receiver, scratch, counters } = this.#parts;
    const room = receiver.room - COUNTERS_SAMPLE_BYTES;
    let fitting: CounterRecord[] = [];
    let bytes = 0;
    for (const record of records) {
      const size = scratch.measure(this.#where, record);
      if (size > room) counters.recordsLeftOut++;
      if (size === 0 || size > room) continue;
      if (bytes + size > room) {
        this.#write(fitting, bytes);
        counters.counterSamplesSplit++;
        fitting = [];
        bytes = 0;
      }
      fitting.push(record);
      bytes += size;
    }
    if (fitting.length > 0) this.#write(fitting, bytes);
  }

  #write(records: readonly CounterRecord[], bytes: number): void {
    const { receiver, counters } = this.#parts;
    const numbering = this.#numbering;
    numbering.sequence = (numbering.sequence + 1) >>> 0;
    const sample = { sequence_number: numbering.sequence, source_id: this.source, counters: records };
    putCountersSample(receiver.place(COUNTERS_SAMPLE_BYTES + bytes), sample);
    counters.counterSamples++;
  }

  /**
   * Draws a phase between one second and one interval, so that the pollers of all hosts do not send at the same time.
   */
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

  /** Computes due times from the first one, so that delays do not add up. Skips due times missed in a stall. */
  #onTime(): void {
    const { clock, queue } = this.#parts.environment;
    const now = clock.uptime();
    do this.#due += this.#interval * 1000;
    while (this.#due <= now);
    this.#schedule(this.#due - now);
    queue.add(() => this.#sample());
  }
}
