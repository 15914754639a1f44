// The contract of a reader of capture files, which gets the file in pieces.

import { makeSoftwarePacket, type SoftwarePacket } from "./software-tap.ts";

export interface FilePacket extends SoftwarePacket {
  /** LINKTYPE_*, which says how the packet begins: see link-type.ts. */
  linkType: number;
}

/** Reads one packet after another into the same object. */
export interface CaptureReader {
  /** The packet that `next` has read. Its bytes are valid until `push`. */
  readonly packet: FilePacket;
  /** Adds the next piece of the file. */
  push(piece: Uint8Array): void;
  /**
   * Reads the next packet. Returns false if the pieces so far hold no further whole packet. Throws a CaptureFileError
   * if the file is damaged.
   */
  next(): boolean;
  /** Returns what the end of the file lacks; undefined if its last packet is whole. */
  missing(): string | undefined;
}

export class CaptureFileError extends Error {
  override name = "CaptureFileError";
}

/**
 * Largest plausible length of a packet or block, in bytes. A larger one means that the file is damaged. libpcap has the
 * same limit.
 */
export const MOST_BYTES = 16 * 1024 * 1024;

export const makeFilePacket = (): FilePacket => ({ ...makeSoftwarePacket(new Uint8Array(0)), linkType: -1 });

/** The lengths of a packet: as captured, on the wire, and of the frame check sequence at its end. */
export interface Lengths {
  readonly captured: number;
  readonly wire: number;
  readonly checkSequence: number;
}

/** Sets place and lengths of a packet, without a frame check sequence, which packets on an interface lack too. */
export function placePacket(
  packet: FilePacket,
  bytes: Uint8Array,
  at: number,
  { captured, wire, checkSequence }: Lengths,
): void {
  packet.bytes = bytes;
  packet.at = at;
  packet.wire = Math.max(wire, captured) - checkSequence;
  packet.captured = Math.max(0, Math.min(captured, packet.wire));
}
