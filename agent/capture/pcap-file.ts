// Reads a classic capture file, with microseconds or nanoseconds, in either byte order. See pcap-savefile(5).

import { enterLink, type LinkType, linkTypeOf } from "./link-type.ts";
import { makeSoftwarePacket, type SoftwarePacket } from "./software-tap.ts";

export class PcapFileError extends Error {
  override name = "PcapFileError";
}

const FILE_HEADER = 24;
const RECORD_HEADER = 16;

/** Magic number as read in little-endian order. */
const FORMATS = new Map([
  [0xa1b2c3d4, { littleEndian: true, nanoseconds: 1000 }],
  [0xd4c3b2a1, { littleEndian: false, nanoseconds: 1000 }],
  [0xa1b23c4d, { littleEndian: true, nanoseconds: 1 }],
  [0x4d3cb2a1, { littleEndian: false, nanoseconds: 1 }],
]);

/** Reads one packet after another into the same object. */
export class PcapFile {
  readonly linkType: LinkType;
  readonly packet: SoftwarePacket;
  readonly #view: DataView;
  readonly #littleEndian: boolean;
  readonly #nanoseconds: number;
  #at = FILE_HEADER;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const format = bytes.length < FILE_HEADER ? undefined : FORMATS.get(this.#view.getUint32(0, true));
    if (format === undefined) throw new PcapFileError("not a pcap file; convert pcapng with: editcap -F pcap");
    this.#littleEndian = format.littleEndian;
    this.#nanoseconds = format.nanoseconds;
    this.linkType = this.#readLinkType();
    this.packet = makeSoftwarePacket(bytes);
  }

  /** Returns false at the end, or if the last record was cut. Skips records too short for their link type. */
  next(): boolean {
    while (this.#read()) if (enterLink(this.packet, this.linkType)) return true;
    return false;
  }

  #read(): boolean {
    const at = this.#at + RECORD_HEADER;
    if (at > this.#view.byteLength) return false;
    const captured = this.#word(8);
    if (captured > this.#view.byteLength - at) return false;
    this.packet.seconds = this.#word(0);
    this.packet.nanoseconds = this.#word(4) * this.#nanoseconds;
    this.packet.captured = captured;
    this.packet.wire = Math.max(this.#word(12), captured);
    this.packet.at = at;
    this.#at = at + captured;
    return true;
  }

  #word(offset: number): number {
    return this.#view.getUint32(this.#at + offset, this.#littleEndian);
  }

  /** Reads the link type. The upper bits of the field may have the length of a frame check sequence. */
  #readLinkType(): LinkType {
    const number = this.#view.getUint32(20, this.#littleEndian) & 0xffff;
    const type = linkTypeOf(number);
    if (type === undefined) throw new PcapFileError(`link type ${number} cannot be sampled`);
    return type;
  }
}
