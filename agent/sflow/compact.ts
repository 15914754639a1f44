// Datagrams with compact samples instead of expanded ones, for collectors that do not know the latter. See sFlow v5,
// section 5, "flow_sample" and "counters_sample".

import type { DatagramBatch } from "./collector.ts";
import { dataFormat } from "./data-format.ts";
import { COUNTERS_SAMPLE, FLOW_SAMPLE } from "./sample.ts";

export const COMPACT_FLOW_SAMPLE = 1;
export const COMPACT_COUNTERS_SAMPLE = 2;

/** A compact data source has 8 bits for its class and 24 for its index; a compact port has 30 bits for its value. */
const MOST_CLASS = 0xff;
const MOST_INDEX = 0xff_ffff;
const MOST_PORT = 0x3fff_ffff;

/** data_format of the first sample of another enterprise than sFlow.org. */
const FIRST_OF_OTHERS = dataFormat(1, 0);

const ITEM_BYTES = 8;
/** Before the first record, without tag and length. */
const EXPANDED_FLOW = 44;
const COMPACT_FLOW = 32;
const EXPANDED_COUNTERS = 16;
const COMPACT_COUNTERS = 12;

/** The compact form of a batch of datagrams with expanded samples: the same numbers, ports and records. */
export class CompactDatagrams implements DatagramBatch {
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
  readonly lengths: Uint32Array;
  count = 0;
  /** Samples left out: their interface has too large an index, or their kind has no compact form. */
  leftOut = 0;
  readonly #view: DataView;

  /** `like` is the largest batch. A compact datagram is never longer than an expanded one. */
  constructor(like: DatagramBatch) {
    this.bytes = new Uint8Array(like.bytes.length);
    this.offsets = new Uint32Array(like.offsets.length);
    this.lengths = new Uint32Array(like.lengths.length);
    this.#view = new DataView(this.bytes.buffer);
  }

  /** Replaces the datagrams. A datagram that loses all its samples stays empty, so that its number is not missing. */
  take({ bytes, offsets, lengths, count }: DatagramBatch): this {
    const from = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.count = count;
    this.leftOut = 0;
    let at = 0;
    for (let i = 0; i < count; i++) {
      const begin = offsets[i] as number;
      const end = this.#datagram(from, begin, begin + (lengths[i] as number), at);
      this.offsets[i] = at;
      this.lengths[i] = end - at;
      at = end;
    }
    return this;
  }

  /** Writes a datagram at `to` and returns the offset of its end. */
  #datagram(from: DataView, begin: number, end: number, to: number): number {
    const headerBytes = from.getUint32(begin + 4) === 1 ? 28 : 40;
    let at = this.#copy(from, begin, begin + headerBytes, to);
    let samples = 0;
    for (let sample = begin + headerBytes; sample < end; ) {
      const next = sample + ITEM_BYTES + from.getUint32(sample + 4);
      const written = this.#sample(from, sample, next, at);
      if (written > at) samples++;
      at = written;
      sample = next;
    }
    this.leftOut += from.getUint32(begin + headerBytes - 4) - samples;
    this.#view.setUint32(to + headerBytes - 4, samples);
    return at;
  }

  /** Returns `to` for a sample that is left out. */
  #sample(from: DataView, begin: number, end: number, to: number): number {
    // Samples of other enterprises have one form only.
    if (from.getUint32(begin) >= FIRST_OF_OTHERS) return this.#copy(from, begin, end, to);
    const body = begin + ITEM_BYTES;
    const [kind, index] = [from.getUint32(body + 4), from.getUint32(body + 8)];
    if (kind > MOST_CLASS || index > MOST_INDEX) return to;
    const source = ((kind << 24) | index) >>> 0;
    switch (from.getUint32(begin)) {
      case FLOW_SAMPLE:
        return this.#flowSample(from, body, end, to, source);
      case COUNTERS_SAMPLE:
        return this.#countersSample(from, body, end, to, source);
      default:
        return to;
    }
  }

  #flowSample(from: DataView, body: number, end: number, to: number, source: number): number {
    const [input, output] = [from.getUint32(body + 28), from.getUint32(body + 36)];
    if (input > MOST_PORT || output > MOST_PORT) return to;
    const view = this.#view;
    view.setUint32(to, COMPACT_FLOW_SAMPLE);
    view.setUint32(to + 4, end - body - EXPANDED_FLOW + COMPACT_FLOW);
    view.setUint32(to + 8, from.getUint32(body));
    view.setUint32(to + 12, source);
    for (let i = 0; i < 12; i += 4) view.setUint32(to + 16 + i, from.getUint32(body + 12 + i));
    view.setUint32(to + 28, ((from.getUint32(body + 24) << 30) | input) >>> 0);
    view.setUint32(to + 32, ((from.getUint32(body + 32) << 30) | output) >>> 0);
    view.setUint32(to + 36, from.getUint32(body + 40));
    return this.#copy(from, body + EXPANDED_FLOW, end, to + ITEM_BYTES + COMPACT_FLOW);
  }

  #countersSample(from: DataView, body: number, end: number, to: number, source: number): number {
    const view = this.#view;
    view.setUint32(to, COMPACT_COUNTERS_SAMPLE);
    view.setUint32(to + 4, end - body - EXPANDED_COUNTERS + COMPACT_COUNTERS);
    view.setUint32(to + 8, from.getUint32(body));
    view.setUint32(to + 12, source);
    view.setUint32(to + 16, from.getUint32(body + 12));
    return this.#copy(from, body + EXPANDED_COUNTERS, end, to + ITEM_BYTES + COMPACT_COUNTERS);
  }

  /** Copies whole words. Returns the offset of the end. */
  #copy(from: DataView, begin: number, end: number, to: number): number {
    this.bytes.set(new Uint8Array(from.buffer, from.byteOffset + begin, end - begin), to);
    return to + end - begin;
  }
}
