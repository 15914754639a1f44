// Numbers and writes the flow samples of one data source: sequence, pool, drops. See SFLOW-MIB sFlowFs, and sFlow v5,
// section 5 "flow_sample".

import type { OperationSampler, SampledOperation, Sampler } from "./agent.ts";
import { putAnnotations, putRecords } from "./annotations.ts";
import type { AgentCounters } from "./counters.ts";
import { type DataSource, showDataSource } from "./data-source.ts";
import type { Numbering } from "./numbers.ts";
import {
  EXTENDED_TIMESTAMP,
  packetSampleBytes,
  putPacketSample,
  putTimestamp,
  putWords,
  TIMESTAMP_BYTES,
  type Views,
  viewsOf,
  wordsBytes,
} from "./packet-sample.ts";
import type { Receiver } from "./receiver.ts";
import { wordsOf } from "./record.ts";
import { FLOW_SAMPLE_BYTES, putFlowHead } from "./sample.ts";
import type { SampledPackets } from "./sampled-packets.ts";
import type { Scratch } from "./scratch.ts";

/** The objects that all samplers share. */
export interface SamplerParts {
  readonly receiver: Receiver;
  readonly scratch: Scratch;
  readonly counters: AgentCounters;
}

/** Encodes the flow samples of one data source. */
export class PacketSampler implements Sampler, OperationSampler {
  readonly source: DataSource;
  readonly #parts: SamplerParts;
  readonly #where: string;
  readonly #numbering: Numbering;
  // Batches use few buffers, and datagrams use one. So the views are made when a buffer changes, not for each packet.
  #from: Views = viewsOf(new Uint8Array(0));
  #to: Views = this.#from;

  constructor(source: DataSource, parts: SamplerParts, numbering: Numbering) {
    this.source = source;
    this.#parts = parts;
    this.#where = `flow samples ${showDataSource(source)}`;
    this.#numbering = numbering;
  }

  write(packets: SampledPackets): void {
    const { receiver, counters } = this.#parts;
    const { count, samplingRate, drops } = packets;
    if (receiver.suppressed) {
      counters.flowSamplesSuppressed += count;
      return;
    }
    const numbering = this.#numbering;
    if (packets.bytes !== this.#from.bytes) this.#from = viewsOf(packets.bytes);
    numbering.drops = (numbering.drops + drops) >>> 0;
    numbering.pool = (numbering.pool + Math.imul(samplingRate, drops)) >>> 0;
    const { room } = receiver;
    for (let i = 0; i < count; i++) {
      numbering.sequence = (numbering.sequence + 1) >>> 0;
      numbering.pool = (numbering.pool + samplingRate) >>> 0;
      this.#writePacket(packets, i, room);
    }
    counters.flowSamples += count;
  }

  pass(count: number): void {
    this.#numbering.pool = (this.#numbering.pool + count) >>> 0;
  }

  writeOperation({ samplingRate, input, output, records }: SampledOperation): void {
    const { receiver, scratch, counters } = this.#parts;
    if (receiver.suppressed) {
      counters.flowSamplesSuppressed++;
      return;
    }
    const count = putRecords(scratch, this.#where, records, receiver.room - FLOW_SAMPLE_BYTES, counters);
    if (count === 0) return;
    const numbering = this.#numbering;
    numbering.sequence = (numbering.sequence + 1) >>> 0;
    const length = scratch.cursor.at;
    const cursor = receiver.place(FLOW_SAMPLE_BYTES + length);
    putFlowHead(cursor, length, count, {
      sequence_number: numbering.sequence,
      source_id: this.source,
      sampling_rate: samplingRate,
      sample_pool: numbering.pool,
      drops: numbering.drops,
      input: { format: 0, value: input },
      output: { format: 0, value: output },
    });
    cursor.putFixed(scratch.cursor.bytes.subarray(0, length));
    counters.flowSamples++;
  }

  #writePacket(packets: SampledPackets, i: number, room: number): void {
    const kept = this.#headerLength(packets, i, room);
    const plain = packetSampleBytes(kept);
    const hasStamp = packets.seconds[i] !== 0;
    const records = packets.records[i];
    const only = records?.length === 1 ? records[0] : undefined;
    const words = only === undefined || only.type.format < EXTENDED_TIMESTAMP ? undefined : wordsOf(only);
    const length = plain + (hasStamp ? TIMESTAMP_BYTES : 0) + (words === undefined ? 0 : wordsBytes(words));
    if ((records !== undefined && records.length > 0 && words === undefined) || length > room) {
      this.#writeAnnotated(packets, i, kept, room - plain);
      return;
    }
    const { bytes, at } = this.#parts.receiver.place(length);
    if (bytes !== this.#to.bytes) this.#to = viewsOf(bytes);
    const count = 1 + (hasStamp ? 1 : 0) + (words === undefined ? 0 : 1);
    const { view } = this.#to;
    let end = putPacketSample(this.#to, at, length, count, this.source, this.#numbering, packets, i, kept, this.#from);
    if (hasStamp) end = putTimestamp(view, end, packets.seconds[i] as number, packets.nanoseconds[i] as number);
    if (only !== undefined && words !== undefined) putWords(view, end, only.type.format, words);
  }

  #writeAnnotated(packets: SampledPackets, i: number, kept: number, room: number): void {
    const { receiver, scratch, counters } = this.#parts;
    const count = putAnnotations(scratch, this.#where, packets, i, room, counters);
    const length = packetSampleBytes(kept) + scratch.cursor.at;
    const cursor = receiver.place(length);
    if (cursor.bytes !== this.#to.bytes) this.#to = viewsOf(cursor.bytes);
    cursor.at = putPacketSample(
      this.#to,
      cursor.at,
      length,
      count + 1,
      this.source,
      this.#numbering,
      packets,
      i,
      kept,
      this.#from,
    );
    cursor.putFixed(scratch.cursor.bytes.subarray(0, scratch.cursor.at));
  }

  /** Returns the bytes of the header to send. Truncates a header only if it does not fit an empty datagram. */
  #headerLength(packets: SampledPackets, i: number, room: number): number {
    const length = packets.headerLength[i] as number;
    if (packetSampleBytes(length) <= room) return length;
    this.#parts.counters.headersCut++;
    return room - packetSampleBytes(0);
  }
}
