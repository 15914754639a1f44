// What the agent was told, and what was done to it: the other half of what a check needs to know.

export interface Numbered {
  /** UDP destination port of datagrams whose payload begins with their number, 32 bits, from 0. */
  readonly port: number;
  /** How many were sent. */
  readonly count: number;
}

export interface Expectation {
  /** Bytes of UDP payload. */
  readonly datagramBytes: number;
  readonly headerBytes: number;
  /** Seconds; 0 is off. */
  readonly polling: number;
  /** 1-in-N by ifIndex; an interface that is not listed is not sampled. */
  readonly samplingRate: ReadonlyMap<number, number>;
  /** Addresses that the host has, as text; undefined where nobody looked. */
  readonly addresses?: readonly string[];
  /** When the agent was started, seconds of the UNIX epoch. */
  readonly started?: number;
  /** data_format of vendor samples that may come. */
  readonly vendorSamples?: readonly number[];
  readonly numbered?: Numbered;
  /** Discarded packets are asked for. */
  readonly discards?: boolean;
  /** MTU of the path to the collector. */
  readonly mtu?: number;
}

export const defaults: Expectation = { datagramBytes: 1400, headerBytes: 128, polling: 30, samplingRate: new Map() };
