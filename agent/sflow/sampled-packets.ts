// A batch of sampled packets in columns, the input of a sampler. sFlow v5, section 5 "flow_sample", "sampled_header".

import type { FlowRecord } from "./record.ts";

/** Element i of each array is packet i. Arrays may be longer than `count`, and they are reused. */
export interface SampledPackets {
  count: number;
  /** 1-in-N when these packets were taken. */
  samplingRate: number;
  /** Samples lost for lack of resources since the last batch. */
  drops: number;
  /** The headers: header i has `headerLength[i]` bytes at `offset[i]`, and begins with `headerProtocol[i]`. */
  bytes: Uint8Array;
  readonly offset: Uint32Array;
  readonly headerLength: Uint32Array;
  /** header_protocol: 1 Ethernet, 11 IPv4, 12 IPv6. */
  readonly headerProtocol: Uint32Array;
  /** Octets on the wire, FCS included. */
  readonly frameLength: Uint32Array;
  /** Octets of the frame that were removed before and after the packet, the FCS among them. */
  readonly stripped: Uint32Array;
  /** ifIndex; 0 is unknown, INTERNAL the host itself. See port.ts. */
  readonly input: Uint32Array;
  readonly output: Uint32Array;
  /** The time of the packet (UNIX epoch), sent as extended_timestamp. Seconds 0 means unknown. */
  readonly seconds: Uint32Array;
  readonly nanoseconds: Uint32Array;
  /** Records that annotators added to packet i; undefined for most. */
  readonly records: (FlowRecord[] | undefined)[];
}
