// A tap for engines that get every packet and sample in user space: draws samples and passes them on in batches.

import { BATCH_PACKETS } from "../flow/batch.ts";
import type { CapturedPackets, Tap, TapOptions } from "./engine.ts";
import { makePacketColumns, type PacketColumns } from "./packet-columns.ts";
import { makeRandomSkip, type RandomSkip } from "./random-skip.ts";

/**
 * A packet in the capture source's buffer `bytes`. It starts at offset `at` and is `captured` bytes long. `wire` is its
 * length before it was cut.
 */
export interface SoftwarePacket {
  bytes: Uint8Array;
  at: number;
  captured: number;
  wire: number;
  hardwareType: number;
  /** EtherType; 0 if the protocol must be read from the packet. */
  protocol: number;
  packetType: number;
  seconds: number;
  nanoseconds: number;
}

/** Makes an object that the source reuses for each packet. */
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

/** A tap that samples in user space. */
export class SoftwareTap implements Tap {
  readonly counters = { packets: 0, drops: 0, batches: 0 };
  readonly bufferBytes: number;
  readonly #onPackets: (packets: CapturedPackets) => void;
  readonly #onClose: () => void;
  readonly #skip: RandomSkip;
  #columns: PacketColumns;
  /** ARPHRD_* of the packets in `#columns`. */
  #hardwareType: number;
  #options: TapOptions;
  #count = 0;
  #closed = false;

  constructor(
    options: TapOptions,
    random: (below: number) => number,
    onPackets: (packets: CapturedPackets) => void,
    onClose: () => void,
    bufferBytes = 0,
  ) {
    this.bufferBytes = bufferBytes;
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

  /** Number of samples that are not passed on yet. */
  get waiting(): number {
    return this.#count;
  }

  /** Draws for one packet. If it returns true, the packet is a sample: call `put` with it. */
  draw(): boolean {
    return !this.#closed && this.#skip.take();
  }

  put(packet: SoftwarePacket): void {
    if (packet.hardwareType !== this.#hardwareType) this.flush();
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
