// The contract of a capture engine: it takes 1-in-N packets off an interface and hands them over in batches. One
// contract suite tests every engine.

import type { PacketColumns } from "./packet-columns.ts";

export interface TapOptions {
  /** The interface, by index and by name: an engine may need either. */
  readonly index: number;
  readonly name: string;
  /** ARPHRD_* of the interface. Frames of Ethernet and loopback begin with their header, all others with that of IP. */
  readonly hardwareType: number;
  readonly samplingRate: number;
  /** Bytes to capture of each packet, from where its bytes begin. */
  readonly headerBytes: number;
  readonly promiscuous: boolean;
}

/** One batch of packets. The callback may read and change the bytes and columns until it returns. */
export interface CapturedPackets {
  readonly columns: PacketColumns;
  /** 0 if the batch only reports `drops`. */
  readonly count: number;
  /** ARPHRD_* that says how the packets begin: see af-packet.ts, `hasEthernetHeader`. */
  readonly hardwareType: number;
  /** 1-in-N in force when the packets were taken. */
  readonly samplingRate: number;
  /** Samples that the kernel had no room for since the last batch. Each is counted once. */
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
  /** Takes effect at once. Packets already queued are handed over with the rate they were taken at. */
  setSamplingRate(rate: number): void;
  setHeaderBytes(bytes: number): void;
  close(): void;
}

export interface CaptureEngine {
  /** The name that `status` prints. */
  readonly name: string;
  /**
   * Opens a tap. Throws an error with `code` (EPERM, ENODEV ...) and a remedy in its message. Calls `onEnd` when the
   * interface is gone.
   */
  open(options: TapOptions, onPackets: (packets: CapturedPackets) => void, onEnd: (reason: string) => void): Tap;
}
