// How the agent was configured and what load it had: checks compare the stream with it.

export interface Numbered {
  /** UDP destination port of datagrams whose payload begins with their number, 32 bits, from 0. */
  readonly port: number;
  /** The number of datagrams sent. */
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
  /** Addresses of the host, as text; undefined where they were not read. */
  readonly addresses?: readonly string[];
  /** When the agent was started, seconds of the UNIX epoch. */
  readonly started?: number;
  /** data_format of vendor samples that may appear. */
  readonly vendorSamples?: readonly number[];
  readonly numbered?: Numbered;
  /** Whether discarded packets are configured. */
  readonly discards?: boolean;
  /** MTU of the path to the collector. */
  readonly mtu?: number;
}

export const defaults: Expectation = { datagramBytes: 1400, headerBytes: 128, polling: 30, samplingRate: new Map() };
