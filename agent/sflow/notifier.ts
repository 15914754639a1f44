// Numbers, limits and writes notifications of discarded packets of one data source. See sFlow Discarded Packet
// Notification Structures.

import type { DroppedPacket, Notifier } from "./agent.ts";
import type { AgentCounters } from "./counters.ts";
import { type DataSource, showDataSource } from "./data-source.ts";
import type { AgentClock } from "./environment.ts";
import type { Numbering } from "./numbers.ts";
import type { Receiver } from "./receiver.ts";
import { type FlowRecord, flowRecord } from "./record.ts";
import { sampledHeader } from "./records/flow/sampled-header.ts";
import { byFormat, DISCARDED_PACKET_BYTES, putDiscardedPacket } from "./sample.ts";
import type { Scratch } from "./scratch.ts";

/** The objects that all notifiers share. */
export interface NotifierParts {
  readonly clock: AgentClock;
  readonly receiver: Receiver;
  readonly scratch: Scratch;
  readonly counters: AgentCounters;
}

/** Default limit of notifications per second: enough to see that packets are dropped, and why. */
const DEFAULT_LIMIT = 10;

/** Returns a token bucket for the notifications of one second. The bucket is full at first. */
function makeBucket(clock: AgentClock): (perSecond: number) => boolean {
  let tokens = Number.POSITIVE_INFINITY;
  let filled = clock.uptime();
  return (perSecond) => {
    const now = clock.uptime();
    tokens = Math.min(perSecond, tokens + ((now - filled) * perSecond) / 1000);
    filled = now;
    if (tokens < 1) return false;
    tokens--;
    return true;
  };
}

/** Truncates a sampled header, so that the record has at most `room` bytes. */
function cut(record: FlowRecord, room: number): FlowRecord {
  const value = record.value as typeof sampledHeader.unknown;
  return flowRecord(sampledHeader, { ...value, header: value.header.subarray(0, Math.max(0, room - 24) & ~3) });
}

/** Sends the notifications of one data source, with a limit per second. */
export class DropNotifier implements Notifier {
  readonly source: DataSource;
  readonly #parts: NotifierParts;
  readonly #where: string;
  readonly #allows: (perSecond: number) => boolean;
  readonly #numbering: Numbering;
  #limit = DEFAULT_LIMIT;

  constructor(source: DataSource, parts: NotifierParts, numbering: Numbering) {
    this.source = source;
    this.#parts = parts;
    this.#numbering = numbering;
    this.#where = `discarded packets ${showDataSource(source)}`;
    this.#allows = makeBucket(parts.clock);
  }

  setLimit(perSecond: number): void {
    this.#limit = perSecond;
  }

  lose(count: number): void {
    this.#numbering.drops = (this.#numbering.drops + count) >>> 0;
    this.#parts.counters.discardsLimited += count;
  }

  write(drop: DroppedPacket): void {
    if (this.#parts.receiver.suppressed) this.#parts.counters.discardSamplesSuppressed++;
    else if (this.#allows(this.#limit)) this.#send(drop);
    else this.lose(1);
  }

  #send({ input, output, reason, records }: DroppedPacket): void {
    const { receiver, counters } = this.#parts;
    const numbering = this.#numbering;
    const { fitting, bytes } = this.#fit(records, receiver.room - DISCARDED_PACKET_BYTES);
    numbering.sequence = (numbering.sequence + 1) >>> 0;
    putDiscardedPacket(receiver.place(DISCARDED_PACKET_BYTES + bytes), {
      sequence_number: numbering.sequence,
      source_id: this.source,
      drops: numbering.drops,
      inputifindex: input,
      outputifindex: output,
      reason,
      discard_records: fitting,
    });
    counters.discardSamples++;
  }

  /** Returns the records that fit, in order, and their total size. Truncates a packet header instead of dropping it. */
  #fit(records: readonly FlowRecord[], room: number): { fitting: FlowRecord[]; bytes: number } {
    const { scratch, counters } = this.#parts;
    const fitting: FlowRecord[] = [];
    let bytes = 0;
    for (const record of [...records].sort(byFormat)) {
      let size = scratch.measure(this.#where, record);
      let chosen = record;
      if (size > room - bytes && record.type.format === sampledHeader.format) {
        chosen = cut(record, room - bytes);
        size = scratch.measure(this.#where, chosen);
        counters.headersCut++;
      }
      if (size > room - bytes) counters.recordsLeftOut++;
      if (size === 0 || size > room - bytes) continue;
      fitting.push(chosen);
      bytes += size;
    }
    return { fitting, bytes };
  }
}
