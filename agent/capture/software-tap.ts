// A tap of engines that get every packet and sample in user space: it draws, fills a batch and hands it over.

import { BATCH_PACKETS } from "../flow/batch.ts";
import type { CapturedPackets, Tap, TapOptions } from "./engine.ts";
import { makePacketColumns, type PacketColumns } from "./packet-columns.ts";
import { makeRandomSkip, type RandomSkip } from "./random-skip.ts";

/** A packet in the memory of its source: `captured` bytes of `bytes` at `at`. It had `wire` bytes before it was cut. */
export interface SoftwarePacket {
  bytes: Uint8Array;
  at: number;
  captured: number;
  wire: number;
  hardwareType: number;
  /** EtherType; 0 if only the bytes say what it is. */
  protocol: number;
  packetType: number;
  seconds: number;
  nanoseconds: number;
}

/** Makes the one object that is filled again for each packet. */
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
  #columns: PacketColumns;
  /** ARPHRD_* of the packets in `#columns`; a source has one link type. */
  #hardwareType: number;
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
    this.#hardwareType = options.hardwareType;
    this.#columns = columnsFor(options);
  }

  get options(): TapOptions {
    return this.#options;
  }

  /** Number of samples that are not handed over yet. */
  get waiting(): number {
    return this.#count;
  }

  /** Draws for one packet. True if it is a sample: then call `put`. */
  draw(): boolean {
    return !this.#closed && this.#skip.take();
  }

  put(packet: SoftwarePacket): void {
    this.#fill(packet);
    if (++this.#count === BATCH_PACKETS) this.flush();
  }

  flush(): void {
    const count = this.#count;
    if (count === 0 || this.#closed) return;
    this.#count = 0;
    this.counters.batches++;
    this.counters.packets += count;
    const { samplingRate } = this.#options;
    this.#onPackets({
      columns: this.#columns,
      count,
      hardwareType: this.#hardwareType,
      samplingRate,
      drops: 0,
    });
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
    this.#columns = columnsFor(this.#options);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
  }

  #fill(packet: SoftwarePacket): void {
    const { headerBytes } = this.#options;
    const { bytes, offset, length, wireLength, protocol, packetType, seconds, nanoseconds } = this.#columns;
    const i = this.#count;
    const captured = Math.min(packet.captured, headerBytes);
    bytes.set(packet.bytes.subarray(packet.at, packet.at + captured), i * headerBytes);
    offset[i] = i * headerBytes;
    length[i] = captured;
    wireLength[i] = packet.wire;
    protocol[i] = packet.protocol;
    packetType[i] = packet.packetType;
    seconds[i] = packet.seconds;
    nanoseconds[i] = packet.nanoseconds;
    this.#hardwareType = packet.hardwareType;
  }
}

const columnsFor = ({ headerBytes }: TapOptions): PacketColumns =>
  makePacketColumns(new Uint8Array(BATCH_PACKETS * headerBytes));
