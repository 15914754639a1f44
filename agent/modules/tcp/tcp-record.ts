// Makes extended_tcp_info from the kernel's tcp_info. See sFlow structure 0:2209, linux/tcp.h.

import { TCP_INFO, type TcpInfoField } from "../../netlink/tcp-info.ts";
import { type FlowRecord, flowRecord, wordsType } from "../../sflow/record.ts";
import { extendedTcpInfo } from "../../sflow/records/flow/extended-tcp-info.ts";

/**
 * Fields of tcp_info, in the order of the fields of extended_tcp_info after the direction. `retrans` is the total of
 * the connection, as in hsflowd.
 */
const SOURCES: readonly TcpInfoField[] = [
  "tcpi_snd_mss",
  "tcpi_rcv_mss",
  "tcpi_unacked",
  "tcpi_lost",
  "tcpi_total_retrans",
  "tcpi_pmtu",
  "tcpi_rtt",
  "tcpi_rttvar",
  "tcpi_snd_cwnd",
  "tcpi_reordering",
  "tcpi_min_rtt",
];
const WORDS = wordsType(extendedTcpInfo);
const OFFSETS = Uint32Array.from(SOURCES, (field) => TCP_INFO[field][0]);

/** Number of 32-bit words per connection in an array of facts, which are the fields in SOURCES. */
export const FACTS = SOURCES.length;

/**
 * Copies the fields of extended_tcp_info from a `struct tcp_info` of `length` bytes at word `at`. A field that this
 * kernel lacks is 0, which means "unknown" in extended_tcp_info. A min_rtt that was not measured yet is all ones, as in
 * the kernel.
 */
export function keepFacts(words: Uint32Array, at: number, length: number, facts: Uint32Array, into: number): void {
  for (let i = 0; i < FACTS; i++) {
    const offset = OFFSETS[i] as number;
    facts[into + i] = offset + 4 <= length ? (words[at + (offset >>> 2)] as number) : 0;
  }
}

/**
 * Returns the record of a connection in one direction. All samples of a flow in a batch share this record, so the
 * caller must not change it.
 */
export function tcpRecord(direction: number, facts: Uint32Array, at: number): FlowRecord {
  const words = new Uint32Array(1 + FACTS);
  words[0] = direction;
  for (let i = 0; i < FACTS; i++) words[1 + i] = facts[at + i] as number;
  return flowRecord(WORDS, words);
}
