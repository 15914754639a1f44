// Measures the gaps between the samples of one engine: sends numbered frames past a tap, and prints as JSON which
// were taken. Arguments: engine, 1-in-N, frames, name and index of the interface, namespace and index of the other
// end.

import type { CapturedPackets, CaptureEngine } from "../../agent/capture/engine.ts";
import { makeEpcapEngine } from "../../agent/capture/epcap/epcap.ts";
import { loadLibpcapEngine } from "../../agent/capture/libpcap.ts";
import { OwnTraffic } from "../../agent/capture/own-traffic.ts";
import { makePacketSocketEngine } from "../../agent/capture/packet-socket.ts";
import { makeReplayEngine } from "../../agent/capture/replay.ts";
import { makeLinuxHost } from "../../agent/host/linux.ts";
import { pcapBytes } from "../capture/pcap-bytes.ts";
import { sleep } from "../e2e/command.ts";
import { openSender } from "../e2e/traffic.ts";
import { makeLog } from "../fakes/log.ts";
import { pieces } from "../fakes/pieces.ts";
import { testGaps } from "./chi-square.ts";

const [engineName = "", rate, frames, name = "", index, otherEnd = "", otherIndex] = process.argv.slice(2);
const samplingRate = Number(rate);
const total = Number(frames);
/** Frames of one turn. libpcap has room for 256 packets, each of the largest size. */
const AT_ONCE = engineName === "libpcap" ? 200 : 1000;
const FRAME_BYTES = 60;
const NUMBER = 18;
/** Uses an EtherType for experiments and a mark, so that other traffic is never counted. */
const BEGINNING = Buffer.from("02000000000202000000000188b5c0ffee42", "hex");
const MARK = 0xc0ff_ee42;

const host = makeLinuxHost();
/** The timers of the host do not keep a process alive. */
setInterval(() => undefined, 1 << 30);
const taken: number[] = [];

function numbered(first: number, count: number): Uint8Array[] {
  const bytes = new Uint8Array(count * FRAME_BYTES);
  const view = new DataView(bytes.buffer);
  return Array.from({ length: count }, (_, i) => {
    bytes.set(BEGINNING, i * FRAME_BYTES);
    view.setUint32(i * FRAME_BYTES + NUMBER, first + i);
    return bytes.subarray(i * FRAME_BYTES, (i + 1) * FRAME_BYTES);
  });
}

function take({ columns: { bytes, offset }, count }: CapturedPackets): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let i = 0; i < count; i++) {
    const at = offset[i] as number;
    if (view.getUint32(at + 14) === MARK) taken.push(view.getUint32(at + NUMBER));
  }
}

/** A file that exists in memory only. */
function replay(): CaptureEngine {
  const bytes = pcapBytes(numbered(0, total).map((each) => ({ bytes: each })));
  return makeReplayEngine({ ...host, files: { ...host.files, stream: () => pieces(bytes) } }, "frames.pcap", makeLog());
}

const engines: Readonly<Record<string, () => CaptureEngine | Promise<CaptureEngine>>> = {
  epcap: () => makeEpcapEngine(host, new OwnTraffic()),
  "packet-socket": () => makePacketSocketEngine(host, new OwnTraffic()),
  libpcap: () => loadLibpcapEngine(host),
  replay,
};

async function play(): Promise<void> {
  const sender = openSender(host.sockets, otherEnd, Number(otherIndex));
  for (let first = 0; first < total; first += AT_ONCE) {
    sender.send(numbered(first, Math.min(AT_ONCE, total - first)));
    await sleep(1);
    await new Promise((resolve) => setImmediate(resolve));
  }
  sender.close();
  await sleep(100);
}

const engine = await engines[engineName]?.();
if (engine === undefined) throw new Error(`no engine ${engineName}`);
const options = { index: Number(index), name, hardwareType: 1, samplingRate, headerBytes: 128, promiscuous: false };
await new Promise<void>((end) => {
  const tap = engine.open(options, take, () => end());
  if (engineName !== "replay")
    void play().then(() => {
      tap.close();
      end();
    });
});
process.stdout.write(`tested ${JSON.stringify(testGaps(taken, samplingRate))}\n`);
process.exit(0);
