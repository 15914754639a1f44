// What engines share that take every packet and sample in user space: the draw, a batch of their own, and handing it
// over.

import { makeReceiveBatch } from "../../native-shim/batch.ts";
import type { ReceiveBatch } from "../../native-shim/shim.ts";
import { BATCH_SLOTS, SOFTWARE_LAYOUT as layout } from "./batch.ts";
import type { CapturedPackets, Tap, TapOptions } from "./engine.ts";
import { makeRandomSkip, type RandomSkip } from "./random-skip.ts";

/** A packet as its source has it: `captured` bytes of `bytes` at `at`, which had `wire` bytes before it was cut. */
export interface SoftwarePacket {
  bytes: Uint8Array;
  at: number;
  captured: number;
  wire: number;
  hardwareType: number;
  /** EtherType; 0 where the bytes tell. */
  protocol: number;
  packetType: number;
  seconds: number;
  nanoseconds: number;
}

/** Filled anew for each packet. */
export const makeSoftwarePacket = (bytes: Uint8Array): SoftwarePacket => ({
  bytes,
  at: 0,
  captured: 0,
  wire: 0,
  hardwareType: 0,
  protocol: 0,
  packetType: 0,
  seconds: 0,
  nanoseconds: 0,
});

export class SoftwareTap implements Tap {
  readonly counters = { packets: 0, drops: 0, batches: 0 };
  readonly #onPackets: (packets: CapturedPackets) => void;
  readonly #onClose: () => void;
  readonly #skip: RandomSkip;
  #batch: ReceiveBatch;
  #options: TapOptions;
  #count = 0;
  #closed = false;

  constructor(
    options: TapOptions,
    random: (below: number) => number,
    onPackets: (packets: CapturedPackets) => void,
    onClose: () => void,
  ) {
    this.#options = options;
    this.#onPackets = onPackets;
    this.#onClose = onClose;
    this.#skip = makeRandomSkip(options.samplingRate, random);
    this.#batch = makeReceiveBatch(layout, BATCH_SLOTS, options.headerBytes);
  }

  get options(): TapOptions {
    return this.#options;
  }

  /** Samples that are not handed over yet. */
  get waiting(): number {
    return this.#count;
  }

  /** One draw a packet: true where it is a sample, and `put` is to follow. */
  draw(): boolean {
    return !this.#closed && this.#skip.take();
  }

  put(packet: SoftwarePacket): void {
    this.#fill(packet);
    if (++this.#count === this.#batch.slots) this.flush();
  }

  flush(): void {
    const count = this.#count;
    if (count === 0 || this.#closed) return;
    this.#count = 0;
    this.counters.batches++;
    this.counters.packets += count;
    this.#onPackets({ layout, batch: this.#batch, count, samplingRate: this.#options.samplingRate, drops: 0 });
  }

  setSamplingRate(samplingRate: number): void {
    if (samplingRate === this.#options.samplingRate) return;
    this.flush();
    this.#options = { ...this.#options, samplingRate };
    this.#skip.setRate(samplingRate);
  }

  setHeaderBytes(headerBytes: number): void {
    if (headerBytes === this.#options.headerBytes) return;
    this.flush();
    this.#options = { ...this.#options, headerBytes };
    this.#batch = makeReceiveBatch(layout, BATCH_SLOTS, headerBytes);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
  }

  #fill(packet: SoftwarePacket): void {
    const { bytes, stride, words } = this.#batch;
    const slot = this.#count * layout.slotWords;
    const offset = this.#count * stride;
    const length = Math.min(packet.captured, stride);
    bytes.set(packet.bytes.subarray(packet.at, packet.at + length), offset);
    words[slot + layout.length] = length;
    words[slot + layout.wireLength] = packet.wire;
    words[slot + layout.offset] = offset;
    words[slot + layout.interfaceIndex] = this.#options.index;
    words[slot + layout.protocol] = packet.protocol;
    words[slot + layout.hardwareType] = packet.hardwareType;
    words[slot + layout.packetType] = packet.packetType;
    words[slot + layout.seconds] = packet.seconds;
    words[slot + layout.nanoseconds] = packet.nanoseconds;
    words[slot + layout.flags] = length < packet.wire ? layout.truncated : 0;
  }
}
