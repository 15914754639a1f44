// The contract of a capture engine. An engine opens taps. A tap is the capture on one interface: it samples 1-in-N
// packets and passes them on in batches. One contract suite tests every engine.

import type { PacketColumns } from "./packet-columns.ts";

/** The interface to capture on, and the settings of the capture. */
export interface TapOptions {
  /** Index and name of the interface, because some engines need one and some the other. */
  readonly index: number;
  readonly name: string;
  /** ARPHRD_* of the interface. On Ethernet and loopback, packets begin with an Ethernet header, otherwise with IP. */
  readonly hardwareType: number;
  readonly samplingRate: number;
  /** Number of bytes to capture from the beginning of each packet. */
  readonly headerBytes: number;
  readonly promiscuous: boolean;
}

/** One batch of packets. The callback may read and change the bytes and the arrays until the callback returns. */
export interface CapturedPackets {
  readonly columns: PacketColumns;
  /** 0 if the batch only reports `drops`. */
  readonly count: number;
  /** ARPHRD_* that says how the packets begin: see af-packet.ts, `hasEthernetHeader`. */
  readonly hardwareType: number;
  /** 1-in-N in force when the packets were taken. */
  readonly samplingRate: number;
  /** Samples that the kernel dropped since the last batch because its buffer was full. Each is counted once. */
  readonly drops: number;
}

export interface TapCounters {
  readonly packets: number;
  readonly drops: number;
  readonly batches: number;
}

/** An open capture on one interface. */
export interface Tap {
  readonly options: TapOptions;
  readonly counters: TapCounters;
  /** Memory in which the kernel keeps sampled packets until they are read, in bytes. */
  readonly bufferBytes: number;
  /**
   * Changes the rate at once. Packets that are already queued are passed on with the rate at which they were sampled.
   */
  setSamplingRate(rate: number): void;
  setHeaderBytes(bytes: number): void;
  close(): void;
}

/** A way to capture packets, such as packet sockets or libpcap. */
export interface CaptureEngine {
  /** The name that `status` prints. */
  readonly name: string;
  /**
   * Opens a tap. Throws an error with `code` (EPERM, ENODEV ...) and a remedy in its message. Calls `onEnd` when the
   * interface is removed.
   */
  open(options: TapOptions, onPackets: (packets: CapturedPackets) => void, onEnd: (reason: string) => void): Tap;
}
