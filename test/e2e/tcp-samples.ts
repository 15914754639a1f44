// Decodes sampled TCP packets and their structure 0:2209 without the agent's code. sFlow v5; linux/tcp.h.

import type { Datagram, Flow } from "./walk.ts";
import { sampledHeader } from "./walk.ts";

const TCP_INFO = 2209;
const TIMESTAMP = 1043;
const FIELDS = [
  ...["dir", "snd_mss", "rcv_mss", "unacked", "lost", "retrans"],
  ...["pmtu", "rtt", "rttvar", "snd_cwnd", "reordering", "min_rtt"],
] as const;

export type TcpInfo = Readonly<Record<string, number>>;

export interface TcpSample {
  /** `address:port`, IPv6 in hexadecimal. */
  readonly source: string;
  readonly destination: string;
  /** The TCP flags. */
  readonly flags: number;
  /** ifIndex of the data source. */
  readonly tap: number;
  readonly info: TcpInfo | undefined;
  /** Seconds of the UNIX epoch: when the packet was taken, and when its datagram arrived. */
  readonly taken: number;
  readonly arrived: number;
}

export const [FIN, SYN, RST] = [1, 2, 4];

export const tcpSamples = (datagrams: readonly Datagram[]): TcpSample[] =>
  datagrams.flatMap((datagram) =>
    datagram.flows.flatMap((flow) => {
      const packet = tcpPacket(sampledHeader(flow).header);
      if (packet === undefined) return [];
      const tap = Number(flow.source.split(":")[1]);
      const info = tcpInfo(flow.records.get(TCP_INFO));
      return [{ ...packet, tap, info, taken: takenAt(flow), arrived: datagram.time }];
    }),
  );

/** Returns the packets that have the structure, of any protocol, in the order they were taken. */
export const annotations = (datagrams: readonly Datagram[]): { header: Buffer; taken: number; info: TcpInfo }[] =>
  datagrams
    .flatMap(({ flows }) => flows)
    .flatMap((flow) => {
      const info = tcpInfo(flow.records.get(TCP_INFO));
      return info === undefined ? [] : [{ header: sampledHeader(flow).header, taken: takenAt(flow), info }];
    })
    .sort((a, b) => a.taken - b.taken);

function takenAt({ records }: Flow): number {
  const stamp = records.get(TIMESTAMP);
  return stamp === undefined ? Number.NaN : Number(stamp.readBigUInt64BE(0)) / 1e9;
}

function tcpInfo(record: Buffer | undefined): TcpInfo | undefined {
  if (record === undefined) return undefined;
  if (record.length !== 48) throw new Error(`extended_tcp_info of ${record.length} bytes`);
  return Object.fromEntries(FIELDS.map((field, i) => [field, record.readUInt32BE(4 * i)]));
}

function tcpPacket(frame: Buffer): Pick<TcpSample, "source" | "destination" | "flags"> | undefined {
  const ip = frame.subarray(14);
  if (frame.length < 54) return undefined;
  if (frame.readUInt16BE(12) === 0x0800 && ip[9] === 6) return ends(ip.subarray(12, 20), ip.subarray(20));
  if (frame.readUInt16BE(12) === 0x86dd && ip[6] === 6) return ends(ip.subarray(8, 40), ip.subarray(40));
  return undefined;
}

function ends(addresses: Buffer, tcp: Buffer) {
  const half = addresses.length / 2;
  const show = (bytes: Buffer) => (half === 4 ? [...bytes].join(".") : bytes.toString("hex"));
  return {
    source: `${show(addresses.subarray(0, half))}:${tcp.readUInt16BE(0)}`,
    destination: `${show(addresses.subarray(half))}:${tcp.readUInt16BE(2)}`,
    flags: tcp[13] ?? 0,
  };
}

const connectionOf = ({ source, destination }: TcpSample): string => [source, destination].sort().join(" ");

/** Seconds before a connection's end in which its socket may be gone when the agent looks it up. */
const LAST = 0.05;

/** Samples of established connections: from the end of the handshake until shortly before the first FIN or RST. */
export function established(samples: readonly TcpSample[]): TcpSample[] {
  const ends = new Map<string, number>();
  for (const sample of samples) {
    if ((sample.flags & (FIN | RST)) === 0) continue;
    const connection = connectionOf(sample);
    ends.set(connection, Math.min(sample.taken, ends.get(connection) ?? sample.taken));
  }
  const isOpen = (sample: TcpSample): boolean =>
    sample.taken < (ends.get(connectionOf(sample)) ?? Number.POSITIVE_INFINITY) - LAST;
  return samples.filter((sample) => (sample.flags & SYN) === 0 && isOpen(sample));
}
