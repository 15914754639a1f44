// Numbers and writes the flow samples of one data source: sequence, pool, drops. SFLOW-MIB sFlowFs; sFlow v5, section 5 "flow_sample".

import type { Sampler } from "./agent.ts";
import { putAnnotations } from "./annotations.ts";
import type { AgentCounters } from "./counters.ts";
import { type DataSource, showDataSource } from "./data-source.ts";
import {
  type Numbering,
  packetSampleBytes,
  putPacketSample,
  putTimestamp,
  see,
  TIMESTAMP_BYTES,
} from "./packet-sample.ts";
import type { Receiver } from "./receiver.ts";
import type { SampledPackets } from "./sampled-packets.ts";
import type { Scratch } from "./scratch.ts";

/** What every sampler shares. */
export interface SamplerParts {
  readonly receiver: Receiver;
  readonly scratch: Scratch;
  readonly counters: AgentCounters;
}

/** Where the numbers of a data source begin. */
export interface Beginning {
  readonly sequence: number;
  readonly pool: number;
}

export function makeSampler(source: DataSource, parts: SamplerParts, beginning: Beginning): Sampler {
  const { receiver, scratch, counters } = parts;
  const where = `flow samples ${showDataSource(source)}`;
  const numbering: Numbering = {
    class: source.class,
    index: source.index,
    sequence: (beginning.sequence - 1) >>> 0,
    pool: beginning.pool,
    drops: 0,
  };
  // Batches come in the same few buffers and datagrams are made in one: each is looked at once, not once a packet.
  let from = see(new Uint8Array(0));
  let to = from;

  /** The header is what a sample is for: it is cut only where a datagram cannot hold it alone. */
  function headerLength(packets: SampledPackets, i: number, room: number): number {
    const length = packets.headerLength[i] as number;
    if (packetSampleBytes(length) <= room) return length;
    counters.headersCut++;
    return room - packetSampleBytes(0);
  }

  function writePacket(packets: SampledPackets, i: number, room: number): void {
    const kept = headerLength(packets, i, room);
    const plain = packetSampleBytes(kept);
    const stamp = packets.seconds[i] !== 0;
    const records = packets.records[i];
    if ((records !== undefined && records.length > 0) || (stamp && plain + TIMESTAMP_BYTES > room)) {
      writeAnnotated(packets, i, kept, room);
      return;
    }
    const length = stamp ? plain + TIMESTAMP_BYTES : plain;
    const { bytes, at } = receiver.place(length);
    if (bytes !== to.bytes) to = see(bytes);
    const end = putPacketSample(to, at, length, stamp ? 2 : 1, numbering, packets, i, kept, from);
    if (stamp) putTimestamp(to.view, end, packets.seconds[i] as number, packets.nanoseconds[i] as number);
  }

  function writeAnnotated(packets: SampledPackets, i: number, kept: number, room: number): void {
    const plain = packetSampleBytes(kept);
    const count = putAnnotations(scratch, where, packets, i, room - plain, counters);
    const length = plain + scratch.cursor.at;
    const cursor = receiver.place(length);
    if (cursor.bytes !== to.bytes) to = see(cursor.bytes);
    cursor.at = putPacketSample(to, cursor.at, length, count + 1, numbering, packets, i, kept, from);
    cursor.putFixed(scratch.cursor.bytes.subarray(0, scratch.cursor.at));
  }

  return {
    source,
    write(packets) {
      const { count, samplingRate, drops } = packets;
      if (receiver.suppressed) {
        counters.flowSamplesSuppressed += count;
        return;
      }
      if (packets.bytes !== from.bytes) from = see(packets.bytes);
      const { room } = receiver;
      numbering.drops = (numbering.drops + drops) >>> 0;
      numbering.pool = (numbering.pool + Math.imul(samplingRate, drops)) >>> 0;
      for (let i = 0; i < count; i++) {
        numbering.sequence = (numbering.sequence + 1) >>> 0;
        numbering.pool = (numbering.pool + samplingRate) >>> 0;
        writePacket(packets, i, room);
      }
      counters.flowSamples += count;
    },
  };
}
