// An interface of a pcapng file, and the time stamps of its packets. See draft-ietf-opsawg-pcapng, section 4.2.

import type { ByteQueue } from "./byte-queue.ts";
import type { FilePacket } from "./capture-reader.ts";

export interface CapturedInterface {
  readonly linkType: number;
  /** Number of bytes at which packets were cut; infinite if they were not. */
  readonly snapLength: number;
  /** Length of the frame check sequence at the end of packets, in bytes. */
  readonly checkSequence: number;
  readonly unitsPerSecond: bigint;
  /** Seconds to add to each time stamp. */
  readonly offset: bigint;
}

const Option = { end: 0, resolution: 9, checkSequence: 13, offset: 14 } as const;
const MICROSECONDS = 1_000_000n;
/** Largest upper word of a time stamp for which the whole stamp is an exact number. */
const EXACT = 2 ** 21;

/** Reads an interface description block of `length` bytes at the beginning of the queue. */
export function readInterface(queue: ByteQueue, length: number, littleEndian: boolean): CapturedInterface {
  const snapLength = queue.uint32(12, littleEndian);
  const found = { checkSequence: 0, unitsPerSecond: MICROSECONDS, offset: 0n };
  const end = length - 4;
  for (let at = 16; at + 4 <= end; ) {
    const code = queue.uint16(at, littleEndian);
    const size = queue.uint16(at + 2, littleEndian);
    if (code === Option.end || at + 4 + size > end) break;
    const first = queue.bytes[queue.at + at + 4] as number;
    if (code === Option.resolution && size === 1) found.unitsPerSecond = unitsOf(first);
    if (code === Option.checkSequence && size === 1) found.checkSequence = first;
    if (code === Option.offset && size === 8) found.offset = int64(queue, at + 4, littleEndian);
    at += 4 + size + (-size & 3);
  }
  return {
    ...found,
    linkType: queue.uint16(8, littleEndian),
    snapLength: snapLength === 0 ? Number.POSITIVE_INFINITY : snapLength,
  };
}

/** The resolution is a negative power of ten, or of two if the upper bit is set. */
const unitsOf = (resolution: number): bigint =>
  (resolution & 0x80) === 0 ? 10n ** BigInt(resolution) : 2n ** BigInt(resolution & 0x7f);

function int64(queue: ByteQueue, offset: number, littleEndian: boolean): bigint {
  const [first, second] = [queue.uint32(offset, littleEndian), queue.uint32(offset + 4, littleEndian)];
  const [high, low] = littleEndian ? [second, first] : [first, second];
  return BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low));
}

/** Sets the time of a packet. The stamp counts units of the interface since the UNIX epoch. */
export function stamp(packet: FilePacket, from: CapturedInterface, high: number, low: number): void {
  if (from.unitsPerSecond === MICROSECONDS && high < EXACT) {
    const microseconds = high * 2 ** 32 + low;
    const seconds = Math.floor(microseconds / 1e6);
    packet.seconds = seconds + Number(from.offset);
    packet.nanoseconds = (microseconds - seconds * 1e6) * 1000;
    return;
  }
  const units = (BigInt(high) << 32n) | BigInt(low);
  packet.seconds = Number(units / from.unitsPerSecond + from.offset);
  packet.nanoseconds = Number(((units % from.unitsPerSecond) * 1_000_000_000n) / from.unitsPerSecond);
}
