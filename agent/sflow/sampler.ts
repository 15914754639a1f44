// Numbers and writes the flow samples of one data source: sequence, pool, drops. SFLOW-MIB sFlowFs; sFlow v5, section 5 "flow_sample".

import type { Sampler } from "./agent.ts";
import { putAnnotations } from "./annotations.ts";
import type { AgentCounters } from "./counters.ts";
import { type DataSource, showDataSource } from "./data-source.ts";
import { type Numbering, packetSampleBytes, putPacketSample, putTimestamp, TIMESTAMP_BYTES } from "./packet-sample.ts";
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
  let bytes: Uint8Array = new Uint8Array(0);
  let header: DataView = new DataView(bytes.buffer);

  /** Batches come in the same few buffers, so the view is made once for each and not once a packet. */
  function look(at: Uint8Array): void {
    if (at === bytes) return;
    bytes = at;
    header = new DataView(at.buffer, at.byteOffset, at.byteLength);
  }

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
    const { view, at } = receiver.place(length);
    const end = putPacketSample(view, at, length, stamp ? 2 : 1, numbering, packets, i, kept, header);
    if (stamp) putTimestamp(view, end, packets.seconds[i] as number, packets.nanoseconds[i] as number);
  }

  function writeAnnotated(packets: SampledPackets, i: number, kept: number, room: number): void {
    const plain = packetSampleBytes(kept);
    const count = putAnnotations(scratch, where, packets, i, room - plain, counters);
    const length = plain + scratch.cursor.at;
    const cursor = receiver.place(length);
    cursor.at = putPacketSample(cursor.view, cursor.at, length, count + 1, numbering, packets, i, kept, header);
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
      look(packets.bytes);
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
