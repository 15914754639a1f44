// Sends UDP datagrams: steadily, in bursts of a millisecond, or at full speed. Arguments: address, port, datagrams a
// second (0: full speed), seconds, bytes of payload.

import { loadShim } from "../../native-shim/load.ts";
import { sockaddr, udpSocket } from "./udp.ts";

const [address = "", port, perSecond, seconds, size] = process.argv.slice(2);
const rate = Number(perSecond);
const total = rate * Number(seconds);
/** After a longer pause, catches up in bursts of at most this many. */
const BURST = 1024;

const sockets = loadShim();
const fd = udpSocket(sockets);
sockets.connect(fd, sockaddr(address, Number(port)));
/** Milliseconds between two looks at the clock. */
const PAUSE = Math.max(1, 1000 / rate);
const bytes = new Uint8Array(Number(size));
const offsets = new Uint32Array(BURST);
const lengths = new Uint32Array(BURST).fill(bytes.length);
const pause = new Int32Array(new SharedArrayBuffer(4));
const began = performance.now();

let sent = 0;
while (rate === 0 && performance.now() - began < Number(seconds) * 1000) {
  const taken = sockets.send(fd, bytes, offsets, lengths, 0, BURST);
  if (taken > 0) sent += taken;
}
while (sent < total) {
  const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * rate));
  const taken = due > sent ? sockets.send(fd, bytes, offsets, lengths, 0, Math.min(BURST, due - sent)) : 0;
  if (taken > 0) sent += taken;
  if (sent >= due) Atomics.wait(pause, 0, 0, PAUSE);
}
process.stdout.write(`sent ${sent} in ${((performance.now() - began) / 1000).toFixed(3)} s\n`);
