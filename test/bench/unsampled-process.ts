// Measures what a packet costs that passes a tap and is no sample: sends frames at full speed through an interface,
// past no tap, a packet socket and BPF in turns. Prints the nanoseconds of all rounds as JSON. Arguments: 1-in-N,
// frames a round, name and index of the interface, namespace and index of the other end.

import type { CaptureEngine } from "../../agent/capture/engine.ts";
import { makeEpcapEngine } from "../../agent/capture/epcap/epcap.ts";
import { OwnTraffic } from "../../agent/capture/own-traffic.ts";
import { makePacketSocketEngine } from "../../agent/capture/packet-socket.ts";
import { makeLinuxHost } from "../../agent/host/linux.ts";
import { sleep } from "../e2e/command.ts";
import { openSender, type Sender } from "../e2e/traffic.ts";

const [rate, count, name = "", index, otherEnd = "", otherIndex] = process.argv.slice(2);
const ROUNDS = 7;
/** Frames of one call: the receiver has no queue that could fill. */
const AT_ONCE = 1000;
const BURST = 5000;
const FRAME = Buffer.alloc(60);
/** Uses an EtherType for experiments, so that the frame ends at the interface. */
FRAME.set(Buffer.from("02000000000202000000000188b5", "hex"));

const host = makeLinuxHost();
const engines: Readonly<Record<string, CaptureEngine | undefined>> = {
  bare: undefined,
  packetSocket: makePacketSocketEngine(host, new OwnTraffic()),
  epcap: makeEpcapEngine(host, new OwnTraffic()),
};
const frames = new Array<Uint8Array>(AT_ONCE).fill(FRAME);

/** Nanoseconds of this thread a frame. The kernel delivers a frame to the other end of a veth in the same thread. */
function burst(sender: Sender): number {
  const before = process.cpuUsage();
  for (let sent = 0; sent < BURST; sent += AT_ONCE) sender.send(frames);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / BURST;
}

/** Takes the best of many short bursts, because other work on the machine only ever adds to the cost. */
async function cost(engine: CaptureEngine | undefined, sender: Sender): Promise<number> {
  const samplingRate = Number(rate);
  const options = { index: Number(index), name, hardwareType: 1, samplingRate, headerBytes: 128, promiscuous: false };
  const ignore = (): void => undefined;
  const tap = engine?.open(options, ignore, ignore);
  const bursts = Array.from({ length: Number(count) / BURST }, () => burst(sender));
  tap?.close();
  await sleep(30);
  return Math.min(...bursts);
}

const senders = {
  receive: openSender(host.sockets, otherEnd, Number(otherIndex)),
  transmit: openSender(host.sockets, undefined, Number(index)),
};
const measured: Record<string, Record<string, number[]>> = {};
for (let round = 0; round < ROUNDS; round++)
  for (const [direction, sender] of Object.entries(senders))
    for (const [engine, make] of Object.entries(engines)) {
      measured[direction] ??= {};
      const rounds = (measured[direction] as Record<string, number[]>)[engine] ?? [];
      (measured[direction] as Record<string, number[]>)[engine] = [...rounds, await cost(make, sender)];
    }
process.stdout.write(`measured ${JSON.stringify(measured)}\n`);
process.exit(0);
