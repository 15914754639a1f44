// Reads a pcapng file, with several sections and interfaces, in either byte order. See draft-ietf-opsawg-pcapng.

import { ByteQueue } from "./byte-queue.ts";
import { CaptureFileError, type CaptureReader, MOST_BYTES, makeFilePacket, placePacket } from "./capture-reader.ts";
import { type CapturedInterface, readInterface, stamp } from "./pcapng-interface.ts";

const Block = { section: 0x0a0d0d0a, interface: 1, packet: 2, simplePacket: 3, enhancedPacket: 6 } as const;
const BYTE_ORDER = 0x1a2b3c4d;
/** Length of a block without a body: its type, and its length before and after the body. */
const EMPTY_BLOCK = 12;
const SECTION_HEADER = 28;
/** A file that declares more interfaces in a section is refused, because each takes memory. */
const MOST_INTERFACES = 65_536;

/** Least length of the blocks that are read. Others are skipped, whatever their length. */
const LEAST = new Map<number, number>([
  [Block.section, SECTION_HEADER],
  [Block.interface, 20],
  [Block.packet, 32],
  [Block.simplePacket, 16],
  [Block.enhancedPacket, 32],
]);

/** `magic` is the first word of the file. A section header has the same type in both byte orders. */
export const isPcapng = (magic: number): boolean => magic === Block.section;

export class PcapngReader implements CaptureReader {
  readonly packet = makeFilePacket();
  readonly #queue = new ByteQueue();
  readonly #interfaces: CapturedInterface[] = [];
  #littleEndian = true;
  #packets = 0;
  /** Number of bytes to skip that have not arrived yet. */
  #skip = 0;

  push(piece: Uint8Array): void {
    this.#queue.push(piece);
  }

  next(): boolean {
    while (this.#skipRest()) {
      const length = this.#blockLength();
      if (length === undefined) return false;
      const isPacket = length > 0 && this.#readBlock(length);
      this.#queue.take(length);
      if (isPacket) return true;
    }
    return false;
  }

  missing(): string | undefined {
    const { left } = this.#queue;
    if (this.#skip > 0) return `${this.#skip} bytes of the last block are missing`;
    if (left === 0) return undefined;
    return `the block at offset ${this.#queue.position}, after packet ${this.#packets}, has only ${left} bytes`;
  }

  #skipRest(): boolean {
    const now = Math.min(this.#skip, this.#queue.left);
    this.#queue.take(now);
    this.#skip -= now;
    return this.#skip === 0;
  }

  #word(offset: number): number {
    return this.#queue.uint32(offset, this.#littleEndian);
  }

  #damaged(what: string): CaptureFileError {
    return new CaptureFileError(`the block at offset ${this.#queue.position} ${what}: the file is damaged`);
  }

  /** Returns the length of the next block, 0 if it is skipped; undefined if it has not arrived as a whole. */
  #blockLength(): number | undefined {
    const queue = this.#queue;
    if (queue.left < EMPTY_BLOCK) return undefined;
    const isSection = queue.uint32(0, false) === Block.section;
    if (isSection) this.#readByteOrder();
    const type = this.#word(0);
    const length = this.#word(4);
    const least = LEAST.get(type) ?? EMPTY_BLOCK;
    if (length < least || length % 4 !== 0) throw this.#damaged(`has a length of ${length} bytes`);
    if (!LEAST.has(type)) {
      this.#skip = length;
      return 0;
    }
    if (length > MOST_BYTES) throw this.#damaged(`has a length of ${length} bytes`);
    if (queue.left < length) return undefined;
    if (this.#word(length - 4) !== length) throw this.#damaged("has two different lengths");
    return length;
  }

  #readByteOrder(): void {
    const order = this.#queue.uint32(8, true);
    this.#littleEndian = order === BYTE_ORDER;
    if (!this.#littleEndian && this.#queue.uint32(8, false) !== BYTE_ORDER) throw this.#damaged("has no byte order");
  }

  /** Reads one block. Returns true if it is a packet. */
  #readBlock(length: number): boolean {
    switch (this.#word(0)) {
      case Block.section:
        this.#startSection();
        return false;
      case Block.interface:
        if (this.#interfaces.length === MOST_INTERFACES) throw this.#damaged(`is interface ${MOST_INTERFACES + 1}`);
        this.#interfaces.push(readInterface(this.#queue, length, this.#littleEndian));
        return false;
      case Block.simplePacket:
        this.#readSimplePacket(length);
        return true;
      case Block.enhancedPacket:
        this.#readPacket(length, this.#word(8));
        return true;
      default:
        this.#readPacket(length, this.#queue.uint16(8, this.#littleEndian));
        return true;
    }
  }

  #startSection(): void {
    const major = this.#queue.uint16(12, this.#littleEndian);
    if (major !== 1) throw new CaptureFileError(`pcapng of version ${major}, which has another format`);
    this.#interfaces.length = 0;
  }

  #interface(index: number): CapturedInterface {
    const found = this.#interfaces[index];
    if (found === undefined) throw this.#damaged(`is a packet of interface ${index}, which is not declared`);
    this.#packets++;
    this.packet.linkType = found.linkType;
    return found;
  }

  /** A packet block, which is obsolete, differs from an enhanced one only in the field of the interface. */
  #readPacket(length: number, index: number): void {
    const from = this.#interface(index);
    const captured = this.#word(20);
    if (captured > length - 32) throw this.#damaged(`is a packet of ${captured} bytes`);
    const lengths = { captured, wire: this.#word(24), checkSequence: from.checkSequence };
    placePacket(this.packet, this.#queue.bytes, this.#queue.at + 28, lengths);
    stamp(this.packet, from, this.#word(12), this.#word(16));
  }

  /** A simple packet is from the first interface and has no time. */
  #readSimplePacket(length: number): void {
    const { snapLength, checkSequence } = this.#interface(0);
    const wire = this.#word(8);
    const captured = Math.min(wire, snapLength, length - 16);
    placePacket(this.packet, this.#queue.bytes, this.#queue.at + 12, { captured, wire, checkSequence });
    this.packet.seconds = 0;
    this.packet.nanoseconds = 0;
  }
}
