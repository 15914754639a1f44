// The one hand-written encoder: a sampled packet as flow_sample_expanded. sample.ts is the truth, and a test holds this to it, byte for byte.

import { FLOW_SAMPLE, FLOW_SAMPLE_BYTES } from "./sample.ts";
import type { SampledPackets } from "./sampled-packets.ts";

const SAMPLED_HEADER = 1;
export const EXTENDED_TIMESTAMP = 1043;

/** What a sampler knows of its own numbering when it writes a sample; every number modulo 2^32. */
export interface Numbering {
  readonly class: number;
  readonly index: number;
  sequence: number;
  pool: number;
  drops: number;
}

/** A timestamp record with its tag and length. */
export const TIMESTAMP_BYTES = 16;

/** Bytes of a sample whose only record is a header of this many bytes. */
export const packetSampleBytes = (headerLength: number): number => FLOW_SAMPLE_BYTES + 24 + ((headerLength + 3) & ~3);

/**
 * Puts packet `i` with the first `headerLength` bytes of its header, as a sample of `length` bytes that announces
 * `records` records; the header is the first. Where the others begin. The words are unrolled because that is what makes
 * this 8 ns and not 40.
 */
export function putPacketSample(
  view: DataView,
  at: number,
  length: number,
  records: number,
  numbering: Numbering,
  packets: SampledPackets,
  i: number,
  headerLength: number,
  header: DataView,
): number {
  view.setUint32(at, FLOW_SAMPLE);
  view.setUint32(at + 4, length - 8);
  view.setUint32(at + 8, numbering.sequence);
  view.setUint32(at + 12, numbering.class);
  view.setUint32(at + 16, numbering.index);
  view.setUint32(at + 20, packets.samplingRate);
  view.setUint32(at + 24, numbering.pool);
  view.setUint32(at + 28, numbering.drops);
  view.setUint32(at + 32, 0);
  view.setUint32(at + 36, packets.input[i] as number);
  view.setUint32(at + 40, 0);
  view.setUint32(at + 44, packets.output[i] as number);
  view.setUint32(at + 48, records);
  view.setUint32(at + 52, SAMPLED_HEADER);
  view.setUint32(at + 56, 16 + ((headerLength + 3) & ~3));
  view.setUint32(at + 60, packets.headerProtocol[i] as number);
  view.setUint32(at + 64, packets.frameLength[i] as number);
  view.setUint32(at + 68, packets.stripped[i] as number);
  view.setUint32(at + 72, headerLength);
  return copyPadded(header, packets.offset[i] as number, headerLength, view, at + 76);
}

/**
 * Sixteen bytes at a time through two views: 22 ns for 128 bytes at any alignment, where `set(subarray())` takes 43 and a
 * loop over bytes 120. The end of the copy, padded with zeros to a multiple of 4.
 */
function copyPadded(from: DataView, offset: number, length: number, to: DataView, at: number): number {
  let k = 0;
  for (; k + 16 <= length; k += 16) {
    to.setInt32(at + k, from.getInt32(offset + k, true), true);
    to.setInt32(at + k + 4, from.getInt32(offset + k + 4, true), true);
    to.setInt32(at + k + 8, from.getInt32(offset + k + 8, true), true);
    to.setInt32(at + k + 12, from.getInt32(offset + k + 12, true), true);
  }
  for (; k + 4 <= length; k += 4) to.setInt32(at + k, from.getInt32(offset + k, true), true);
  if (k === length) return at + k;
  to.setInt32(at + k, 0);
  for (let j = k; j < length; j++) to.setUint8(at + j, from.getUint8(offset + j));
  return at + k + 4;
}

/**
 * Nanoseconds of the epoch do not fit a double, so the product is made of two halves of the seconds, each of them exact.
 * The end of the record.
 */
export function putTimestamp(view: DataView, at: number, seconds: number, nanoseconds: number): number {
  const high = (seconds >>> 16) * 1_000_000_000;
  const low = (high % 0x1_0000) * 0x1_0000 + (seconds & 0xffff) * 1_000_000_000 + nanoseconds;
  view.setUint32(at, EXTENDED_TIMESTAMP);
  view.setUint32(at + 4, 8);
  view.setUint32(at + 8, Math.floor(high / 0x1_0000) + Math.floor(low / 0x1_0000_0000));
  view.setUint32(at + 12, low % 0x1_0000_0000);
  return at + TIMESTAMP_BYTES;
}
