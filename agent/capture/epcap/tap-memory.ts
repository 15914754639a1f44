// The settings and counters of one tap, in memory that its BPF programs read and write.

import type { Shim } from "../../../native-shim/shim.ts";
import { createValueMap } from "./kernel.ts";
import { TapMap } from "./layout.ts";
import { drawWait, stepOf } from "./waits.ts";

type Sockets = Pick<Shim, "bpf" | "map" | "unmap" | "close">;

/** A map with one value, and its memory. */
export class SharedValue {
  readonly fd: number;
  readonly memory: ArrayBuffer;
  readonly #sockets: Sockets;

  /** Throws ShimError. */
  constructor(sockets: Sockets, bytes: number) {
    this.#sockets = sockets;
    this.fd = createValueMap(sockets, bytes);
    try {
      this.memory = sockets.map(this.fd, bytes);
    } catch (error) {
      sockets.close(this.fd);
      throw error;
    }
  }

  /** Unmaps the memory. Programs keep the map. */
  close(): void {
    this.#sockets.unmap(this.memory);
    this.#sockets.close(this.fd);
  }
}

export class TapMemory {
  readonly #value: SharedValue;
  readonly #words: Uint32Array;
  readonly #doubles: BigInt64Array;
  #drops = 0n;

  /** Nothing is sampled before `setSamplingRate`. `random` is that of Host. */
  constructor(sockets: Sockets, processors: number, random: (below: number) => number) {
    this.#value = new SharedValue(sockets, TapMap.waits + processors * TapMap.line);
    this.#words = new Uint32Array(this.#value.memory);
    this.#doubles = new BigInt64Array(this.#value.memory);
    for (let i = 0; i < processors; i++) this.#doubles[(TapMap.waits + i * TapMap.line) / 8] = drawWait(random);
  }

  get fd(): number {
    return this.#value.fd;
  }

  /** A processor that begins a sample at this very moment may give it the new rate, at most one each. */
  setSamplingRate(samplingRate: number): void {
    this.#words[TapMap.samplingRate / 4] = samplingRate;
    Atomics.store(this.#doubles, TapMap.step / 8, stepOf(samplingRate));
  }

  setHeaderBytes(headerBytes: number): void {
    this.#words[TapMap.headerBytes / 4] = headerBytes;
  }

  /** Returns how many samples were lost since the last call because the ring was full. */
  takeDrops(): number {
    const drops = Atomics.load(this.#doubles, TapMap.drops / 8);
    const more = drops - this.#drops;
    this.#drops = drops;
    return Number(more);
  }

  close(): void {
    this.#value.close();
  }
}
