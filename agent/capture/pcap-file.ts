// Reads a classic capture file, with microseconds or nanoseconds, in either byte order. See pcap-savefile(5).

import { ByteQueue } from "./byte-queue.ts";
import { CaptureFileError, type CaptureReader, MOST_BYTES, makeFilePacket, placePacket } from "./capture-reader.ts";

const FILE_HEADER = 24;

interface Format {
  readonly littleEndian: boolean;
  /** Nanoseconds in a unit of the fraction of a second. */
  readonly nanoseconds: number;
  /** Length of the header before each packet, in bytes. */
  readonly recordHeader: number;
}

/** Magic number as read in network order, without the byte order. */
const FORMATS: readonly (readonly [magic: number, Omit<Format, "littleEndian">])[] = [
  [0xa1b2c3d4, { nanoseconds: 1000, recordHeader: 16 }],
  [0xa1b23c4d, { nanoseconds: 1, recordHeader: 16 }],
  // Written by a modified libpcap. The header has also an interface, a protocol and a packet type.
  [0xa1b2cd34, { nanoseconds: 1000, recordHeader: 24 }],
];

const swapped = (word: number): number =>
  ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;

const formats = new Map<number, Format>(
  FORMATS.flatMap(([magic, format]) => [
    [magic, { ...format, littleEndian: false }] as const,
    [swapped(magic), { ...format, littleEndian: true }] as const,
  ]),
);

/** `magic` is the first word of the file in network order. */
export const isPcap = (magic: number): boolean => formats.has(magic);

export class PcapReader implements CaptureReader {
  readonly packet = makeFilePacket();
  readonly #queue = new ByteQueue();
  /** Undefined until the header of the file has arrived. */
  #format: Format | undefined;
  #checkSequence = 0;
  #packets = 0;

  push(piece: Uint8Array): void {
    this.#queue.push(piece);
  }

  next(): boolean {
    const queue = this.#queue;
    const format = this.#format ?? this.#readHeader();
    if (format === undefined || queue.left < format.recordHeader) return false;
    const { littleEndian, recordHeader, nanoseconds } = format;
    const captured = queue.uint32(8, littleEndian);
    if (captured > MOST_BYTES)
      throw new CaptureFileError(
        `packet ${this.#packets + 1} at offset ${queue.position} has a length of ${captured} bytes: the file is damaged`,
      );
    if (queue.left < recordHeader + captured) return false;
    const lengths = { captured, wire: queue.uint32(12, littleEndian), checkSequence: this.#checkSequence };
    placePacket(this.packet, queue.bytes, queue.at + recordHeader, lengths);
    this.packet.seconds = queue.uint32(0, littleEndian);
    this.packet.nanoseconds = queue.uint32(4, littleEndian) * nanoseconds;
    queue.take(recordHeader + captured);
    this.#packets++;
    return true;
  }

  missing(): string | undefined {
    const { left } = this.#queue;
    if (this.#format === undefined) return `the file header has ${left} of ${FILE_HEADER} bytes`;
    if (left === 0) return undefined;
    const { littleEndian, recordHeader } = this.#format;
    if (left < recordHeader) return `packet ${this.#packets + 1} has ${left} of ${recordHeader} bytes of its header`;
    const captured = this.#queue.uint32(8, littleEndian);
    return `packet ${this.#packets + 1} has ${left - recordHeader} of ${captured} bytes`;
  }

  /** The upper bits of the link type may have the length of a frame check sequence, in units of two bytes. */
  #readHeader(): Format | undefined {
    if (this.#queue.left < FILE_HEADER) return undefined;
    const format = formats.get(this.#queue.uint32(0, false));
    if (format === undefined) throw new CaptureFileError("not a pcap file");
    const linkType = this.#queue.uint32(20, format.littleEndian);
    this.packet.linkType = linkType & 0xffff;
    this.#checkSequence = (linkType & 0x0400_0000) === 0 ? 0 : (linkType >>> 28) * 2;
    this.#queue.take(FILE_HEADER);
    this.#format = format;
    return format;
  }
}
