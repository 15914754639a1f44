// A batch of sampled packets, the input of a sampler: parallel arrays, with one element per packet. See sFlow v5,
// section 5 "flow_sample" and "sampled_header".

import type { FlowRecord } from "./record.ts";

/** A batch. Element i of each array belongs to packet i. Arrays may be longer than `count`, and they are reused. */
export interface SampledPackets {
  count: number;
  /** 1-in-N when these packets were taken. */
  samplingRate: number;
  /** Samples lost since the last batch, for example because a buffer was full. */
  drops: number;
  /**
   * The buffer of the headers. Header i has `headerLength[i]` bytes at `offset[i]`; its protocol is
   * `headerProtocol[i]`.
   */
  bytes: Uint8Array;
  readonly offset: Uint32Array;
  readonly headerLength: Uint32Array;
  /** header_protocol: 1 Ethernet, 11 IPv4, 12 IPv6. */
  readonly headerProtocol: Uint32Array;
  /** Length of the frame on the wire in bytes, including the FCS. */
  readonly frameLength: Uint32Array;
  /** Bytes of the frame that were removed before and after the packet, including the FCS. */
  readonly stripped: Uint32Array;
  /** The ifIndex; 0 means unknown, INTERNAL means the host itself. See port.ts. */
  readonly input: Uint32Array;
  readonly output: Uint32Array;
  /** The time of the packet (UNIX epoch), sent as extended_timestamp. Seconds 0 means unknown. */
  readonly seconds: Uint32Array;
  readonly nanoseconds: Uint32Array;
  /** Records that annotators added to packet i; undefined for most. */
  readonly records: (FlowRecord[] | undefined)[];
}
