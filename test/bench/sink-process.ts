// A collector that counts: datagrams, their bytes, the flow samples in them, and those with figures of a TCP
// connection. Argument: port (0: a free one). Prints the port when it listens, a line at the first datagram, and its
// counts on SIGTERM.

import { makeReceiveBatch, messageBytes } from "../../native-shim/batch.ts";
import { loadShim } from "../../native-shim/load.ts";
import { enlargeReceiveBuffer, sockaddr, udpSocket } from "./udp.ts";

const FLOW_SAMPLE_EXPANDED = 3;
const EXTENDED_TCP_INFO = 2209;
const EXTENDED_TIMESTAMP = 1043;
/** Waits are kept for this many samples between two counts. */
const MOST_WAITS = 100_000;
const HEADER_BYTES = 28;
/** Bytes of a flow sample from its tag to its record count. */
const FLOW_SAMPLE_BYTES = 48;
const QUEUE_BYTES = 64 << 20;

const sockets = loadShim();
const fd = udpSocket(sockets);
enlargeReceiveBuffer(sockets, fd, QUEUE_BYTES);
sockets.bind(fd, sockaddr("127.0.0.1", Number(process.argv[2] ?? 0)));
const name = sockets.name(fd);
const batch = makeReceiveBatch(sockets.layout, 64, 2048);
const count = { datagrams: 0, bytes: 0, flows: 0, annotated: 0, counters: 0 };

let waits: number[] = [];
/** Milliseconds since the UNIX epoch when the present datagrams were received. */
let now = 0;

function take(datagram: Uint8Array): void {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.length);
  count.datagrams++;
  count.bytes += datagram.length;
  if (datagram.length < HEADER_BYTES || view.getUint32(0) !== 5) return;
  const samples = view.getUint32(24);
  for (let i = 0, at = HEADER_BYTES; i < samples; i++, at += 8 + view.getUint32(at + 4)) {
    if (view.getUint32(at) === FLOW_SAMPLE_EXPANDED) takeFlow(view, at + FLOW_SAMPLE_BYTES);
    else count.counters++;
  }
}

function takeFlow(view: DataView, at: number): void {
  count.flows++;
  const records = view.getUint32(at);
  for (let i = 0, next = at + 4; i < records; i++, next += 8 + view.getUint32(next + 4)) {
    const format = view.getUint32(next);
    if (format === EXTENDED_TCP_INFO) count.annotated++;
    if (format === EXTENDED_TIMESTAMP && waits.length < MOST_WAITS)
      waits.push(now - Number(view.getBigUint64(next + 8) / 1000n) / 1000);
  }
}

/** Returns the waits since the last call; undefined if there are none. */
function takeWaits() {
  const sorted = waits.toSorted((a, b) => a - b);
  waits = [];
  if (sorted.length === 0) return undefined;
  return { least: sorted[0], median: sorted[sorted.length >>> 1], most: sorted.at(-1) };
}

sockets.watch(fd, () => {
  now = performance.timeOrigin + performance.now();
  if (count.datagrams === 0) process.stdout.write(`first at ${process.hrtime.bigint()}\n`);
  for (let taken = batch.slots; taken === batch.slots; ) {
    taken = sockets.receive(fd, batch);
    for (let i = 0; i < taken; i++) take(messageBytes(sockets.layout, batch, i));
  }
});

const alive = setInterval(() => undefined, 1 << 30);
process.on("SIGUSR2", () => process.stdout.write(`counted ${JSON.stringify({ ...count, waits: takeWaits() })}\n`));
process.once("SIGTERM", () => {
  clearInterval(alive);
  process.exit(0);
});
process.stdout.write(`listening on ${((name[2] ?? 0) << 8) | (name[3] ?? 0)}\n`);
