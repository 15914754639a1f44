// Sends numbered UDP datagrams, at full speed or paced. Arguments: address, port, count, bytes of payload, [datagrams
// a second].

import { createSocket } from "node:dgram";

const [address, port, count, size, perSecond = "Infinity"] = process.argv.slice(2);
const BURST = 500;

const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
const payload = Buffer.alloc(Number(size));
const began = performance.now();
let sent = 0;
let answered = 0;

function burst() {
  const due = Math.min(Number(count), ((performance.now() - began) / 1000) * Number(perSecond) + 1);
  const until = Math.min(due, sent + BURST);
  for (; sent < until; sent++) {
    payload.writeUInt32BE(sent);
    socket.send(Buffer.from(payload), answer);
  }
  if (sent < Number(count)) setImmediate(burst);
}

function answer() {
  if (++answered === Number(count)) socket.close();
}

socket.connect(Number(port), address, burst);
