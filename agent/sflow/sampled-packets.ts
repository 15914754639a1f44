// A batch of sampled packets in columns, on its way to a sampler. sFlow v5, section 5 "flow_sample", "sampled_header".

import type { FlowRecord } from "./record.ts";

/** Column i of each array is packet i. Arrays may be longer than `count`; they are used again. */
export interface SampledPackets {
  count: number;
  /** 1-in-N in force when these packets were taken. */
  samplingRate: number;
  /** Samples lost for lack of resources since the batch before. */
  drops: number;
  /**
   * Sampled header i is `headerLength[i]` bytes of `bytes` at `offset[i]`, starting at the header that `headerProtocol`
   * names.
   */
  bytes: Uint8Array;
  readonly offset: Uint32Array;
  readonly headerLength: Uint32Array;
  /** header_protocol: 1 Ethernet, 11 IPv4, 12 IPv6. */
  readonly headerProtocol: Uint32Array;
  /** Octets on the wire, FCS included; and how many of them `header` does not start at or end before. */
  readonly frameLength: Uint32Array;
  readonly stripped: Uint32Array;
  /** ifIndex, 0 unknown, INTERNAL the host itself; see port.ts. */
  readonly input: Uint32Array;
  readonly output: Uint32Array;
  /** Time of the packet, UNIX epoch; seconds 0 where unknown. Becomes extended_timestamp. */
  readonly seconds: Uint32Array;
  readonly nanoseconds: Uint32Array;
  /** What annotators add to packet i; undefined for most. */
  readonly records: (FlowRecord[] | undefined)[];
}
