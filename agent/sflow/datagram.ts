// Datagrams under construction, one after another in one buffer: header, samples, and the room that is left. sFlow v5,
// section 5 "sample_datagram_v5".

import { Cursor } from "../xdr/cursor.ts";
import { type AddressBytes, address, unmapped } from "./address.ts";
import type { DatagramBatch } from "./collector.ts";

const VERSION = 5;

/**
 * Datagrams that go out in one call, and bytes of them: half of what a socket's send buffer holds by default, for the
 * kernel counts what it takes to hold them as well.
 */
const BATCH = 128;
const BATCH_BYTES = 200_000;

/** A stream of datagrams as a collector tells it from others, and the most bytes of UDP payload it may use for one. */
export interface Stream {
  /** Undefined while the agent has no address: nothing is sent then. */
  readonly address: AddressBytes | undefined;
  readonly subAgentId: number;
  /** 200-8192. */
  readonly datagramBytes: number;
}

/** Bytes of the header for this agent address. */
const headerBytes = (agentAddress: AddressBytes): number => (unmapped(agentAddress).length === 16 ? 40 : 28);

/** The same for all datagrams, as whole words of the wire: their numbers are 0 yet. */
function makeHeader({ address: agentAddress = new Uint8Array(4), subAgentId }: Stream): Int32Array {
  const cursor = new Cursor(new Uint8Array(headerBytes(agentAddress)));
  cursor.putUint32(VERSION);
  address.put(cursor, agentAddress);
  cursor.putUint32(subAgentId);
  return new Int32Array(cursor.bytes.buffer);
}

/** Datagrams 0 to count - 1 are closed; samples are added to the one after them. */
export class Datagrams implements DatagramBatch {
  count = 0;
  readonly bytes: Uint8Array;
  readonly offsets = new Uint32Array(BATCH);
  readonly lengths = new Uint32Array(BATCH);
  /** The most bytes a sample may have, tag and length included. */
  readonly room: number;
  /** Positioned by `reserve`; bounded by what was reserved. */
  readonly cursor: Cursor;
  private readonly most: number;
  private readonly words: Int32Array;
  private readonly header: Int32Array;
  private readonly headerBytes: number;
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

  /** All of them are closed: they must go before another sample comes. */
  get full(): boolean {
    return this.count === this.most;
  }

  /** Whether a sample of this length needs another datagram than the open one. */
  fits(length: number): boolean {
    return this.at + length - this.start <= this.headerBytes + this.room;
  }

  /** The caller has made sure that it fits, and fills all of it. */
  reserve(length: number): Cursor {
    this.cursor.at = this.at;
    this.at += length;
    this.cursor.end = this.at;
    this.samples++;
    return this.cursor;
  }

  /** Sequence number and uptime are left for `stamp`. Without effect on a datagram without samples. */
  close(): void {
    if (this.samples === 0) return;
    this.putHeader();
    this.offsets[this.count] = this.start;
    this.lengths[this.count] = this.at - this.start;
    this.count++;
    this.open(this.at);
  }

  /** Numbers the closed datagrams, `last` being the number before theirs, and dates them; the last number. */
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

  /** Forgets the closed datagrams. Only between samples: the open one must be empty. */
  clear(): void {
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
