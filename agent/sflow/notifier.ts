// Numbers, limits and writes the discarded packets of one data source. sFlow Discarded Packet Notification Structures.

import type { DroppedPacket, Notifier } from "./agent.ts";
import type { AgentCounters } from "./counters.ts";
import { type DataSource, showDataSource } from "./data-source.ts";
import type { AgentClock } from "./environment.ts";
import type { Receiver } from "./receiver.ts";
import { type FlowRecord, flowRecord } from "./record.ts";
import { sampledHeader } from "./records/flow/sampled-header.ts";
import { byFormat, DISCARDED_PACKET_BYTES, putDiscardedPacket } from "./sample.ts";
import type { Scratch } from "./scratch.ts";

export interface NotifierParts {
  readonly clock: AgentClock;
  readonly receiver: Receiver;
  readonly scratch: Scratch;
  readonly counters: AgentCounters;
}

/** A bucket of a second's worth of notifications, full at first. */
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

/** A sampled header cut to what is left of a datagram; any other record as it is. */
function cut(record: FlowRecord, room: number): FlowRecord {
  if (record.type.format !== sampledHeader.format) return record;
  const value = record.value as typeof sampledHeader.unknown;
  return flowRecord(sampledHeader, { ...value, header: value.header.subarray(0, Math.max(0, room - 24) & ~3) });
}

export function makeNotifier(source: DataSource, parts: NotifierParts, firstSequence: number): Notifier {
  const { clock, receiver, scratch, counters } = parts;
  const where = `discarded packets ${showDataSource(source)}`;
  const allows = makeBucket(clock);
  let sequence = firstSequence;
  let drops = 0;
  let limit = 10;

  /** The records that fit, in order, and their bytes. */
  function choose(records: readonly FlowRecord[]): { discard_records: FlowRecord[]; bytes: number } {
    const discard_records: FlowRecord[] = [];
    let left = receiver.room - DISCARDED_PACKET_BYTES;
    for (const record of [...records].sort(byFormat)) {
      let fitting = record;
      let size = scratch.measure(where, record);
      if (size > left && discard_records.length === 0) {
        fitting = cut(record, left);
        size = scratch.measure(where, fitting);
        if (fitting !== record) counters.headersCut++;
      }
      if (size > left) counters.recordsLeftOut++;
      if (size === 0 || size > left) continue;
      discard_records.push(fitting);
      left -= size;
    }
    return { discard_records, bytes: receiver.room - DISCARDED_PACKET_BYTES - left };
  }

  function lose(count: number): void {
    drops = (drops + count) >>> 0;
    counters.discardsLimited += count;
  }

  function send({ input, output, reason, records }: DroppedPacket): void {
    const { discard_records, bytes } = choose(records);
    putDiscardedPacket(receiver.place(DISCARDED_PACKET_BYTES + bytes), {
      sequence_number: sequence,
      source_id: source,
      drops,
      inputifindex: input,
      outputifindex: output,
      reason,
      discard_records,
    });
    sequence = (sequence + 1) >>> 0;
    counters.discardSamples++;
  }

  return {
    source,
    setLimit(perSecond) {
      limit = perSecond;
    },
    lose,
    write(drop) {
      if (receiver.suppressed) counters.discardSamplesSuppressed++;
      else if (allows(limit)) send(drop);
      else lose(1);
    },
  };
}
