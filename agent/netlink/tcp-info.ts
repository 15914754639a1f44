// The kernel's state of a TCP connection: name, offset and width of each field. See "tcp_info" in linux/tcp.h.

/**
 * The fields. The structure has only grown at its end, so these offsets are valid for every kernel. Older kernels lack
 * the last fields; newer kernels may have more. The bit fields in bytes 6 and 7 are left out.
 */
const table = {
  tcpi_state: [0, 1],
  tcpi_ca_state: [1, 1],
  tcpi_retransmits: [2, 1],
  tcpi_probes: [3, 1],
  tcpi_backoff: [4, 1],
  tcpi_options: [5, 1],
  tcpi_rto: [8, 4],
  tcpi_ato: [12, 4],
  tcpi_snd_mss: [16, 4],
  tcpi_rcv_mss: [20, 4],
  tcpi_unacked: [24, 4],
  tcpi_sacked: [28, 4],
  tcpi_lost: [32, 4],
  tcpi_retrans: [36, 4],
  tcpi_fackets: [40, 4],
  tcpi_last_data_sent: [44, 4],
  tcpi_last_ack_sent: [48, 4],
  tcpi_last_data_recv: [52, 4],
  tcpi_last_ack_recv: [56, 4],
  tcpi_pmtu: [60, 4],
  tcpi_rcv_ssthresh: [64, 4],
  tcpi_rtt: [68, 4],
  tcpi_rttvar: [72, 4],
  tcpi_snd_ssthresh: [76, 4],
  tcpi_snd_cwnd: [80, 4],
  tcpi_advmss: [84, 4],
  tcpi_reordering: [88, 4],
  tcpi_rcv_rtt: [92, 4],
  tcpi_rcv_space: [96, 4],
  tcpi_total_retrans: [100, 4],
  tcpi_pacing_rate: [104, 8],
  tcpi_max_pacing_rate: [112, 8],
  tcpi_bytes_acked: [120, 8],
  tcpi_bytes_received: [128, 8],
  tcpi_segs_out: [136, 4],
  tcpi_segs_in: [140, 4],
  tcpi_notsent_bytes: [144, 4],
  tcpi_min_rtt: [148, 4],
  tcpi_data_segs_in: [152, 4],
  tcpi_data_segs_out: [156, 4],
  tcpi_delivery_rate: [160, 8],
  tcpi_busy_time: [168, 8],
  tcpi_rwnd_limited: [176, 8],
  tcpi_sndbuf_limited: [184, 8],
  tcpi_delivered: [192, 4],
  tcpi_delivered_ce: [196, 4],
  tcpi_bytes_sent: [200, 8],
  tcpi_bytes_retrans: [208, 8],
  tcpi_dsack_dups: [216, 4],
  tcpi_reord_seen: [220, 4],
  tcpi_rcv_ooopack: [224, 4],
  tcpi_snd_wnd: [228, 4],
} as const satisfies Record<string, readonly [offset: number, width: 1 | 4 | 8]>;

export type TcpInfoField = keyof typeof table;

export const TCP_INFO: Readonly<Record<TcpInfoField, readonly [offset: number, width: 1 | 4 | 8]>> = table;

/**
 * Reads a field of a `struct tcp_info` of `length` bytes at byte `at` of `bytes`. Returns undefined if the structure of
 * this kernel ends before the field. Fields of 64 bits are exact to 2^53.
 */
export function readTcpInfo(bytes: Uint8Array, at: number, length: number, field: TcpInfoField): number | undefined {
  const [offset, width] = TCP_INFO[field];
  if (offset + width > length) return undefined;
  if (width === 1) return bytes[at + offset];
  const start = bytes.byteOffset + at + offset;
  const words = new Uint32Array(bytes.buffer.slice(start, start + width));
  if (width === 4) return words[0];
  return Number(new BigUint64Array(words.buffer)[0]);
}
