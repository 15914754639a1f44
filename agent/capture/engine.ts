// A capture engine: takes 1-in-N packets off an interface and hands them over in batches. One contract suite tests all
// of them.

import type { Layout, ReceiveBatch } from "../../native-shim/shim.ts";

export interface TapOptions {
  /** Interface to tap, by index and name (an engine may need either). */
  readonly index: number;
  readonly name: string;
  /** ARPHRD_* of the interface. Frames of Ethernet and loopback begin with their header, all others with that of IP. */
  readonly hardwareType: number;
  readonly samplingRate: number;
  /** Bytes to capture of each packet, from where its bytes begin. */
  readonly headerBytes: number;
  readonly promiscuous: boolean;
  /** Path of a network namespace, for a tap outside the agent's own. */
  readonly namespace?: string;
}

/**
 * Packets as the engine received them: slots of `layout` in `batch`, the callback's to read and to change until it
 * returns. Where `vlanValid` is set, the four octets in front of the packet are its own, so that the tag can be put
 * back in place.
 */
export interface CapturedPackets {
  readonly layout: Layout;
  readonly batch: ReceiveBatch;
  /** May be 0 where only `drops` is told. */
  readonly count: number;
  /** 1-in-N in force when they were taken. */
  readonly samplingRate: number;
  /** Samples lost for lack of room in the kernel since the batch before, each counted once. */
  readonly drops: number;
}

export interface TapCounters {
  readonly packets: number;
  readonly drops: number;
  readonly batches: number;
}

export interface Tap {
  readonly options: TapOptions;
  readonly counters: TapCounters;
  /** Applied at once; packets already queued are handed over under the rate they were taken at. */
  setSamplingRate(rate: number): void;
  setHeaderBytes(bytes: number): void;
  close(): void;
}

export interface CaptureEngine {
  /** As `status` prints it. */
  readonly name: string;
  /**
   * Throws an error with `code` (EPERM, ENODEV ...) and a remedy in its message. `onEnd` is told when the interface is
   * gone.
   */
  open(options: TapOptions, onPackets: (packets: CapturedPackets) => void, onEnd: (reason: string) => void): Tap;
}
