// A collector in a namespace that records what it receives into a pcap file, for independent decoders too.

import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { start } from "./child.ts";
import { until } from "./command.ts";
import { here, type Namespace } from "./namespaces.ts";
import { type Datagram, walk } from "./walk.ts";

export interface Received {
  /** Seconds of the UNIX epoch. */
  readonly time: number;
  readonly payload: Buffer;
  /** Source port of the UDP datagram. */
  readonly sourcePort: number;
}

export interface Receiver {
  readonly port: number;
  /** The file with every datagram so far, each to port 6343. */
  readonly pcap: string;
  received(): Received[];
  /** Returns the same decoded; throws where one is malformed. */
  datagrams(): Datagram[];
  /** Waits until the datagrams so far satisfy `enough`, and returns them. */
  until(what: string, enough: (datagrams: readonly Datagram[]) => boolean, seconds?: number): Promise<Datagram[]>;
  stop(): Promise<void>;
}

export async function startReceiver(
  namespace: Pick<Namespace, "command">,
  { address = "127.0.0.1", port = 0, pcap }: { address?: string; port?: number; pcap: string },
): Promise<Receiver> {
  const child = start(namespace, [process.execPath, "test/e2e/receiver-process.mjs", address, String(port), pcap]);
  const [, listening] = await child.says(/listening on (\d+)\n/);
  const received = () => readPcap(pcap);
  const datagrams = () => received().map(({ time, payload }) => walk(payload, time));
  return {
    port: Number(listening),
    pcap,
    received,
    datagrams,
    until: (what, enough, seconds) =>
      until(
        what,
        () => {
          const so = datagrams();
          return enough(so) && so;
        },
        { seconds, evidence: () => `${datagrams().length} datagrams` },
      ),
    stop: async () => void (await child.stop()),
  };
}

/** Writes a pcap file of these datagrams, as if a receiver had recorded them. */
export async function recorded(payloads: readonly Buffer[], pcap: string): Promise<string> {
  const receiver = await startReceiver(here, { pcap });
  const socket = createSocket("udp4");
  for (const payload of payloads) socket.send(payload, receiver.port, "127.0.0.1");
  await receiver.until("all of them", (all) => all.length === payloads.length);
  socket.close();
  await receiver.stop();
  return pcap;
}

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const FRAME_HEADERS = 42;
const UDP_HEADER = 8;

/** Leaves out a record that is still being written. */
function readPcap(file: string): Received[] {
  const bytes = readFileSync(file);
  const found: Received[] = [];
  for (let at = FILE_HEADER; at + RECORD_HEADER <= bytes.length; ) {
    const end = at + RECORD_HEADER + bytes.readUInt32LE(at + 8);
    if (end > bytes.length) break;
    const time = bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) / 1e6;
    const payload = at + RECORD_HEADER + FRAME_HEADERS;
    found.push({ time, payload: bytes.subarray(payload, end), sourcePort: bytes.readUInt16BE(payload - UDP_HEADER) });
    at = end;
  }
  return found;
}
