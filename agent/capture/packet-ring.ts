// Reads packets in the memory that a packet socket shares with the kernel. See packet(7), linux/if_packet.h.

import type { Shim } from "../../native-shim/shim.ts";
import { BATCH_PACKETS } from "../flow/batch.ts";
import { intOption } from "../sockets/socket-address.ts";
import { PACKET_RX_RING, PACKET_VERSION, SOL_PACKET } from "../sockets/socket-constants.ts";
import { makePacketColumns, type PacketColumns } from "./packet-columns.ts";

/** Version 2, with frames of one size. Version 3 is not used because its timer runs even if no packet arrives. */
const TPACKET_V2 = 1;

/** Offsets in struct tpacket2_hdr and the struct sockaddr_ll behind it, in octets. */
const STATUS = 0;
const LENGTH = 4;
const CAPTURED = 8;
const LINK_OFFSET = 12;
const SECONDS = 16;
const NANOSECONDS = 20;
const VLAN_TCI = 24;
const VLAN_TPID = 26;
const PROTOCOL = 34;
const PACKET_TYPE = 42;
/** Largest offset of the packet in a frame. The two structures and some unused octets precede the packet. */
const MOST_LINK_OFFSET = 80;

const STATUS_KERNEL = 0;
const STATUS_USER = 1;
const STATUS_LOSING = 4;
const STATUS_VLAN_VALID = 0x10;
const STATUS_VLAN_TPID_VALID = 0x40;

/** Block size of the ring; must be a multiple of the page size, and this is a multiple of every page size. */
const BLOCK_BYTES = 65_536;
/** Smallest ring. */
export const LEAST_FRAMES = 256;
/** The most packets a millisecond: smallest packets at 10 Gb/s. */
const MOST_PACKETS = 14_880;
/** The most samples a millisecond that the agent keeps up with. */
export const MOST_SAMPLES = 300;
/** Milliseconds that a ring lasts at these rates. It is the longest pause between two rounds of reading, and some. */
const LASTING = 109;

/** Samples a millisecond at most. */
const mostSamples = (samplingRate: number): number => Math.min(MOST_PACKETS / samplingRate, MOST_SAMPLES);

/** Size of a ring, in whole blocks. A frame of 256 octets has room for the default header of 128. */
export interface RingSize {
  readonly frameBytes: number;
  readonly frames: number;
}

export function ringSize(samplingRate: number, headerBytes: number): RingSize {
  const frameBytes = powerOfTwo(MOST_LINK_OFFSET + headerBytes, 256);
  return { frameBytes, frames: powerOfTwo(LASTING * mostSamples(samplingRate), LEAST_FRAMES) };
}

/** Returns the milliseconds in which a ring fills up at the most samples. */
export const ringLasts = ({ frames }: RingSize, samplingRate: number): number => frames / mostSamples(samplingRate);

function powerOfTwo(atLeast: number, least: number): number {
  let power = least;
  while (power < atLeast) power *= 2;
  return power;
}

/**
 * A ring of packets in order of arrival. The frames that `receive` returned belong to the agent until `release`.
 * Meanwhile the kernel fills the other frames.
 */
export class PacketRing {
  readonly columns: PacketColumns;
  /** True if the kernel has lost packets since its statistics were read: it marks the next frame after a loss. */
  losing = false;
  readonly #sockets: Pick<Shim, "unmap">;
  readonly #memory: ArrayBuffer;
  readonly #size: RingSize;
  readonly #status: Int32Array;
  readonly #halves: Uint16Array;
  readonly #words: Uint32Array;
  readonly #order = new Int32Array(1);
  /** Index of the next frame to read, and in `#taken` how many frames before it are not released yet. */
  #next = 0;
  #taken = 0;

  /** Makes the ring. Call it before the socket is bound. Throws ShimError, such as ENOMEM. */
  constructor(sockets: Pick<Shim, "setOption" | "map" | "unmap">, fd: number, size: RingSize) {
    const { frameBytes, frames } = size;
    const length = frameBytes * frames;
    const request = Uint32Array.of(BLOCK_BYTES, length / BLOCK_BYTES, frameBytes, frames);
    sockets.setOption(fd, SOL_PACKET, PACKET_VERSION, intOption(TPACKET_V2));
    sockets.setOption(fd, SOL_PACKET, PACKET_RX_RING, new Uint8Array(request.buffer));
    this.#sockets = sockets;
    this.#size = size;
    this.#memory = sockets.map(fd, length);
    this.#status = new Int32Array(this.#memory);
    this.#halves = new Uint16Array(this.#memory);
    this.#words = new Uint32Array(this.#memory);
    this.columns = makePacketColumns(new Uint8Array(this.#memory));
  }

  /**
   * Fills the arrays and returns the number of packets. Stops at the end of the ring, so more packets may be queued.
   */
  receive(): number {
    this.release();
    const { frameBytes, frames } = this.#size;
    const count = this.#filled(Math.min(BATCH_PACKETS, frames - this.#next));
    this.#fence();
    this.#read(this.#next * frameBytes, count);
    this.#next = (this.#next + count) % frames;
    this.#taken = count;
    return count;
  }

  /** Returns the frames of the last `receive` to the kernel. */
  release(): void {
    const { frameBytes, frames } = this.#size;
    const first = (this.#next + frames - this.#taken) % frames;
    this.#fence();
    for (let i = 0; i < this.#taken; i++) this.#status[((first + i) * frameBytes + STATUS) >> 2] = STATUS_KERNEL;
    this.#taken = 0;
  }

  close(): void {
    this.#sockets.unmap(this.#memory);
  }

  /** Returns how many frames the kernel has filled, from the next frame on; at most `most`. */
  #filled(most: number): number {
    const { frameBytes } = this.#size;
    let count = 0;
    while (count < most && this.#isFilled((this.#next + count) * frameBytes)) count++;
    return count;
  }

  #isFilled(frame: number): boolean {
    return ((this.#status[(frame + STATUS) >> 2] as number) & STATUS_USER) !== 0;
  }

  /**
   * Memory fence: the kernel sees the agent's loads and stores before the fence as done before those after it. One
   * fence a batch is enough. Atomic access to each status would add a tenth to the cost of a sample, because the
   * processor waits each time.
   */
  #fence(): void {
    Atomics.store(this.#order, 0, 0);
    Atomics.load(this.#order, 0);
  }

  /** Reads the headers of `count` frames into the arrays. */
  #read(first: number, count: number): void {
    const words = this.#words;
    const halves = this.#halves;
    const { frameBytes } = this.#size;
    const { bytes, offset, length, wireLength, protocol, packetType, seconds, nanoseconds, vlan } = this.columns;
    let statuses = 0;
    for (let i = 0, frame = first; i < count; i++, frame += frameBytes) {
      const word = frame >>> 2;
      const status = words[word + (STATUS >> 2)] as number;
      statuses |= status;
      length[i] = words[word + (CAPTURED >> 2)] as number;
      wireLength[i] = words[word + (LENGTH >> 2)] as number;
      offset[i] = frame + (halves[(frame + LINK_OFFSET) >>> 1] as number);
      protocol[i] = ((bytes[frame + PROTOCOL] as number) << 8) | (bytes[frame + PROTOCOL + 1] as number);
      packetType[i] = bytes[frame + PACKET_TYPE] as number;
      seconds[i] = words[word + (SECONDS >> 2)] as number;
      nanoseconds[i] = words[word + (NANOSECONDS >> 2)] as number;
      vlan[i] = (status & STATUS_VLAN_VALID) === 0 ? 0 : this.#tag(frame, status);
    }
    if ((statuses & STATUS_LOSING) !== 0) this.losing = true;
  }

  #tag(frame: number, status: number): number {
    const tpid = (status & STATUS_VLAN_TPID_VALID) === 0 ? 0x8100 : (this.#halves[(frame + VLAN_TPID) >> 1] as number);
    return ((tpid << 16) | (this.#halves[(frame + VLAN_TCI) >> 1] as number)) >>> 0;
  }
}

/** A ring that is larger than wanted is kept: another socket would cost more than the memory is worth. */
export const suffices = (size: RingSize, wanted: RingSize): boolean =>
  wanted.frameBytes <= size.frameBytes && wanted.frames <= size.frames;
