// Builds datagrams one after another in one buffer: header, samples, remaining room. See sFlow v5, section 5
// "sample_datagram_v5".

import { Cursor } from "../xdr/cursor.ts";
import { type AddressBytes, address, unmapped } from "./address.ts";
import type { DatagramBatch } from "./collector.ts";
import { CompactDatagrams } from "./compact.ts";

const VERSION = 5;

/** Largest number of datagrams in one send call. */
const BATCH = 128;
/** Largest number of bytes in one send call. Half the default send buffer, because the kernel adds its own overhead. */
const BATCH_BYTES = 200_000;

/** The identity of a stream of datagrams for a collector, and the size limit of its datagrams. */
export interface Stream {
  /** The agent address. While it is undefined, nothing is sent. */
  readonly address: AddressBytes | undefined;
  readonly subAgentId: number;
  /** Largest UDP payload in bytes, 200 to 8192. */
  readonly datagramBytes: number;
}

/** Returns the bytes of the header for this agent address. */
const headerBytes = (agentAddress: AddressBytes): number => (unmapped(agentAddress).length === 16 ? 40 : 28);

/**
 * Makes the header of all datagrams, as 32-bit words in network byte order. Sequence number and uptime are 0 for now.
 */
function makeHeader({ address: agentAddress = new Uint8Array(4), subAgentId }: Stream): Int32Array {
  const cursor = new Cursor(new Uint8Array(headerBytes(agentAddress)));
  cursor.putUint32(VERSION);
  address.put(cursor, agentAddress);
  cursor.putUint32(subAgentId);
  return new Int32Array(cursor.bytes.buffer);
}

/** A buffer of datagrams. Datagrams 0 to count - 1 are closed; samples are added to the open datagram after them. */
export class Datagrams implements DatagramBatch {
  count = 0;
  readonly bytes: Uint8Array;
  readonly offsets = new Uint32Array(BATCH);
  readonly lengths = new Uint32Array(BATCH);
  /** Largest size of a sample in bytes, including tag and length. */
  readonly room: number;
  /** The cursor that `reserve` returns, each time with another position and end. */
  readonly cursor: Cursor;
  private readonly most: number;
  private readonly words: Int32Array;
  private readonly header: Int32Array;
  private readonly headerBytes: number;
  private compactForm: CompactDatagrams | undefined;
  private isCompacted = false;
  private samples = 0;
  private start = 0;
  private at = 0;

  constructor(stream: Stream) {
    this.header = makeHeader(stream);
    this.headerBytes = this.header.byteLength;
    this.room = (stream.datagramBytes - this.headerBytes) & ~3;
    this.most = Math.min(BATCH, Math.floor(BATCH_BYTES / stream.datagramBytes));
    this.bytes = new Uint8Array(this.most * (this.headerBytes + this.room));
    this.words = new Int32Array(this.bytes.buffer);
    this.cursor = new Cursor(this.bytes);
    this.open(0);
  }

  get empty(): boolean {
    return this.count === 0 && this.samples === 0;
  }

  /** True if all datagrams are closed, so that they must be sent before another sample is added. */
  get full(): boolean {
    return this.count === this.most;
  }

  /** Tells whether a sample of this length fits the open datagram. */
  fits(length: number): boolean {
    return this.at + length - this.start <= this.headerBytes + this.room;
  }

  /** Reserves room for a sample. The caller must check before that the sample fits, and must fill all of the room. */
  reserve(length: number): Cursor {
    this.cursor.at = this.at;
    this.at += length;
    this.cursor.end = this.at;
    this.samples++;
    return this.cursor;
  }

  /** Closes the open datagram, unless it has no samples. `stamp` fills in its sequence number and uptime. */
  close(): void {
    if (this.samples === 0) return;
    this.putHeader();
    this.offsets[this.count] = this.start;
    this.lengths[this.count] = this.at - this.start;
    this.count++;
    this.open(this.at);
  }

  /** Writes the uptime and the sequence numbers after `last` into the closed datagrams. Returns the last number. */
  stamp(last: number, uptime: number): number {
    let sequence = last;
    for (let i = 0; i < this.count; i++) {
      const at = (this.offsets[i] ?? 0) + this.headerBytes - 12;
      sequence = (sequence + 1) >>> 0;
      this.cursor.view.setUint32(at, sequence);
      this.cursor.view.setUint32(at + 4, uptime);
    }
    return sequence;
  }

  /** The closed datagrams with compact samples. They are made once, for all collectors. */
  get compact(): DatagramBatch {
    this.compactForm ??= new CompactDatagrams(this);
    if (!this.isCompacted) this.compactForm.take(this);
    this.isCompacted = true;
    return this.compactForm;
  }

  /** Removes the closed datagrams. The open datagram must be empty. */
  clear(): void {
    this.isCompacted = false;
    this.count = 0;
    this.open(0);
  }

  private open(start: number): void {
    this.start = start;
    this.at = start + this.headerBytes;
    this.samples = 0;
  }

  private putHeader(): void {
    const { words, header } = this;
    const first = this.start >>> 2;
    for (let i = 0; i < header.length; i++) words[first + i] = header[i] as number;
    this.cursor.view.setUint32(this.start + this.headerBytes - 4, this.samples);
  }
}
