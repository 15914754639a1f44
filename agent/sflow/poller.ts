// Reads and writes the counters samples of one data source at its own time. SFLOW-MIB sFlowCp; sFlow v5, section 5 "counters_sample".

import type { Poller, ReadCounters } from "./agent.ts";
import type { AgentCounters } from "./counters.ts";
import { type DataSource, showDataSource } from "./data-source.ts";
import type { Environment } from "./environment.ts";
import type { Receiver } from "./receiver.ts";
import type { CounterRecord } from "./record.ts";
import { byFormat, COUNTERS_SAMPLE_BYTES, putCountersSample } from "./sample.ts";
import type { Scratch } from "./scratch.ts";

export interface PollerParts {
  readonly environment: Environment;
  readonly receiver: Receiver;
  readonly scratch: Scratch;
  readonly counters: AgentCounters;
}

/** A poller as the agent that made it holds it. */
export interface ScheduledPoller extends Poller {
  /** Seconds; 0 is off. The phase is drawn anew. */
  setInterval(seconds: number): void;
  /** The first sample, where it is still owed because nothing could be sent. */
  begin(): void;
}

export function makePoller(
  source: DataSource,
  parts: PollerParts,
  firstSequence: number,
  onRemove: () => void,
): ScheduledPoller {
  const { environment, receiver, scratch, counters } = parts;
  const { clock, random, guard } = environment;
  const where = `counters ${showDataSource(source)}`;
  const readers: ReadCounters[] = [];
  let sequence = firstSequence;
  let interval = 0;
  let due = 0;
  let sampled = false;
  let scheduled = false;
  let timer = { cancel(): void {} };

  function read(): CounterRecord[] {
    const records: CounterRecord[] = [];
    for (const reader of readers) guard(where, () => reader(records));
    return records.sort(byFormat);
  }

  function write(records: readonly CounterRecord[], bytes: number): void {
    const sample = { sequence_number: sequence, source_id: source, counters: records };
    putCountersSample(receiver.place(COUNTERS_SAMPLE_BYTES + bytes), sample);
    sequence = (sequence + 1) >>> 0;
    counters.counterSamples++;
  }

  /** Records that do not fit one datagram go out in several samples, as each stands for itself. One too large alone is left out. */
  function writeAll(records: readonly CounterRecord[]): void {
    const room = receiver.room - COUNTERS_SAMPLE_BYTES;
    let together: CounterRecord[] = [];
    let bytes = 0;
    for (const record of records) {
      const size = scratch.measure(where, record);
      if (size === 0) continue;
      if (size > room) {
        counters.recordsLeftOut++;
        continue;
      }
      if (bytes + size > room) {
        write(together, bytes);
        counters.counterSamplesSplit++;
        together = [];
        bytes = 0;
      }
      together.push(record);
      bytes += size;
    }
    if (together.length > 0) write(together, bytes);
  }

  function sample(): void {
    if (interval === 0) return;
    if (receiver.suppressed) {
      counters.counterSamplesSuppressed++;
      return;
    }
    sampled = true;
    writeAll(read());
  }

  function schedule(milliseconds: number): void {
    timer.cancel();
    timer = clock.after(milliseconds, onTime);
  }

  /** Times are counted from the first, so that delays do not add up; those that a stall went past are left out. */
  function onTime(): void {
    const now = clock.uptime();
    do due += interval * 1000;
    while (due <= now);
    schedule(due - now);
    sample();
  }

  /** A second to a whole interval from now: pollers that began together drift apart, on this host and between hosts. */
  function drawPhase(): void {
    const milliseconds = 1000 + random((interval - 1) * 1000 + 1);
    due = clock.uptime() + milliseconds;
    scheduled = true;
    schedule(milliseconds);
  }

  function begin(): void {
    if (scheduled || interval === 0 || readers.length === 0 || receiver.suppressed) return;
    if (!sampled) sample();
    drawPhase();
  }

  return {
    source,
    contribute(reader) {
      readers.push(reader);
      // Whoever contributes with this one does so before the timer: the first sample has them all.
      if (!scheduled && readers.length === 1) clock.after(0, begin);
      return () => {
        const at = readers.indexOf(reader);
        if (at >= 0) readers.splice(at, 1);
      };
    },
    discontinuity() {
      sequence = 1;
    },
    sampleNow: sample,
    begin,
    setInterval(seconds) {
      if (seconds === interval) return;
      interval = seconds;
      timer.cancel();
      if (interval === 0) scheduled = false;
      else if (scheduled) drawPhase();
      else clock.after(0, begin);
    },
    remove() {
      interval = 0;
      timer.cancel();
      onRemove();
    },
  };
}
