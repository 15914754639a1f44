// Reads the samples of all taps from their ring, and passes them on by tap.

import { BATCH_PACKETS } from "../../flow/batch.ts";
import type { Host } from "../../host/host.ts";
import { OWN_TRAFFIC_MARK, type OwnTraffic } from "../own-traffic.ts";
import { makePacketColumns, type PacketColumns } from "../packet-columns.ts";
import { MOST_SAMPLES } from "../packet-ring.ts";
import type { Reader } from "../ring-scheduler.ts";
import { SampleRecord, SharedMap } from "./layout.ts";
import { isOwnFragment, NEEDED_BYTES, portBits } from "./own-datagram.ts";
import { Ring } from "./ring.ts";
import { SharedValue } from "./tap-memory.ts";
import { QUANTILES, quantiles } from "./waits.ts";

/** Room for 22,000 samples with the default header. */
export const RING_BYTES = 2 ** 22;
const SAMPLE_BYTES = 192;

const ETHERNET_BYTES = 14;
/** The fewest octets to capture, by which the reader recognizes fragments. */
export const LEAST_BYTES = ETHERNET_BYTES + NEEDED_BYTES;

/** The samples of one tap, as its part of the reader's turn. */
export interface SampleSink {
  readonly isEthernet: boolean;
  /** The most octets of a packet to pass on. The reader looks at more of the agent's fragments. */
  readonly headerBytes: number;
  readonly columns: PacketColumns;
  /** Packets in the columns, all sampled at this rate. */
  count: number;
  samplingRate: number;
  /** Passes the packets on, and empties the columns. */
  deliver(): void;
  /** Reports samples that were lost. */
  deliverDrops(): void;
}

export const makeSampleColumns = (bytes: Uint8Array): PacketColumns => makePacketColumns(bytes, BATCH_PACKETS);

export class SampleReader implements Reader {
  readonly ring: Ring;
  /** The memory of quantiles and ports. */
  readonly shared: SharedValue;
  readonly #clock: Host["clock"];
  readonly #own: OwnTraffic;
  readonly #words: Uint32Array;
  readonly #halves: Uint16Array;
  readonly #sinks = new Map<number, SampleSink>();
  readonly #leave: () => void;
  #lastNumber = 0;
  /** The sink of the last record, and its number. */
  #sink: SampleSink | undefined;
  #sinkNumber = 0;
  /** The wall clock less the monotonic clock, in seconds and nanoseconds. */
  #seconds = 0;
  #nanoseconds = 0;
  #isReading = false;

  /** Throws ShimError. */
  constructor({ sockets, clock }: Pick<Host, "sockets" | "clock">, own: OwnTraffic) {
    this.#clock = clock;
    this.#own = own;
    this.ring = new Ring(sockets, RING_BYTES);
    try {
      this.shared = new SharedValue(sockets, SharedMap.quantiles + (QUANTILES + 1) * 8);
    } catch (error) {
      this.ring.close();
      throw error;
    }
    this.#words = new Uint32Array(this.ring.bytes.buffer);
    this.#halves = new Uint16Array(this.ring.bytes.buffer);
    new BigUint64Array(this.shared.memory, SharedMap.quantiles).set(quantiles());
    this.#putPorts();
    this.#leave = own.onChange(() => this.#putPorts());
  }

  get fd(): number {
    return this.ring.fd;
  }

  /** The number of open taps. */
  get taps(): number {
    return this.#sinks.size;
  }

  /** Returns a number for the records of a new tap. Numbers are not used again: old records may still wait. */
  nextNumber(): number {
    return ++this.#lastNumber;
  }

  add(number: number, sink: SampleSink): void {
    this.#sinks.set(number, sink);
  }

  remove(number: number): void {
    this.#sinks.delete(number);
    if (this.#sinkNumber === number) this.#sink = undefined;
  }

  lasts(): number {
    return RING_BYTES / SAMPLE_BYTES / MOST_SAMPLES;
  }

  /** Passes on all samples that wait. Returns how full the ring was. Does nothing when called by a sink. */
  read(): number {
    if (this.#isReading) return 0;
    this.#isReading = true;
    const share = this.ring.waiting / RING_BYTES;
    try {
      if (share > 0) this.#setClock();
      this.ring.read(this.#put);
      for (const sink of this.#sinks.values()) {
        if (sink.count > 0) sink.deliver();
        sink.deliverDrops();
      }
    } finally {
      this.ring.release();
      this.#isReading = false;
    }
    return share;
  }

  close(): void {
    this.#leave();
    this.shared.close();
    this.ring.close();
  }

  #putPorts(): void {
    const { endpoints } = this.#own;
    for (const [length, at] of [
      [4, SharedMap.ports4],
      [16, SharedMap.ports6],
    ] as const)
      new Uint32Array(this.shared.memory, at, 65_536 / 32).set(portBits(endpoints, length));
  }

  #setClock(): void {
    const offset = this.#clock.wallNanoseconds() - BigInt(Math.round(this.#clock.monotonic() * 1e6));
    this.#seconds = Number(offset / 1_000_000_000n);
    this.#nanoseconds = Number(offset % 1_000_000_000n);
  }

  #sinkOf(number: number): SampleSink | undefined {
    if (number === this.#sinkNumber) return this.#sink;
    this.#sinkNumber = number;
    this.#sink = this.#sinks.get(number);
    return this.#sink;
  }

  readonly #put = (at: number): void => {
    const words = this.#words;
    const word = at >>> 2;
    const sink = this.#sinkOf(words[word + (SampleRecord.tap >> 2)] as number);
    if (sink === undefined) return;
    const start = at + (words[word + (SampleRecord.start >> 2)] as number);
    const captured = words[word + (SampleRecord.captured >> 2)] as number;
    if (words[word + (SampleRecord.mark >> 2)] === OWN_TRAFFIC_MARK && this.#isOwn(sink, start, captured)) return;
    const samplingRate = words[word + (SampleRecord.samplingRate >> 2)] as number;
    if (sink.count === BATCH_PACKETS || (sink.count > 0 && samplingRate !== sink.samplingRate)) sink.deliver();
    sink.samplingRate = samplingRate;
    const i = sink.count++;
    const { columns } = sink;
    columns.offset[i] = start;
    columns.length[i] = Math.min(captured, sink.headerBytes);
    columns.wireLength[i] = words[word + (SampleRecord.wireLength >> 2)] as number;
    const protocol = at + SampleRecord.protocol;
    columns.protocol[i] = ((columns.bytes[protocol] as number) << 8) | (columns.bytes[protocol + 1] as number);
    columns.packetType[i] = this.#halves[(at + SampleRecord.packetType) >>> 1] as number;
    columns.arrival[i] = words[word + (SampleRecord.arrival >> 2)] as number;
    this.#putTime(columns, i, word + (SampleRecord.time >> 2));
  };

  /** Sets the time from 64 bits of nanoseconds. */
  #putTime(columns: PacketColumns, i: number, word: number): void {
    const words = this.#words;
    const time = (words[word + 1] as number) * 2 ** 32 + (words[word] as number) + this.#nanoseconds;
    const seconds = Math.floor(time / 1e9);
    columns.seconds[i] = this.#seconds + seconds;
    columns.nanoseconds[i] = time - seconds * 1e9;
  }

  #isOwn({ isEthernet }: SampleSink, start: number, captured: number): boolean {
    const link = isEthernet ? ETHERNET_BYTES : 0;
    return isOwnFragment(this.ring.bytes, start + link, captured - link, this.#own.endpoints);
  }
}
