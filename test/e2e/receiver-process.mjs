// A collector that only records: writes every datagram at once into a pcap file, as a frame to port 6343. Arguments:
// address, port (0: any), file. Prints the port when it listens.

import { createSocket } from "node:dgram";
import { openSync, writeSync } from "node:fs";
import { isIPv6 } from "node:net";

const [address, port, file] = process.argv.slice(2);
const SFLOW = 6343;
const ETHERNET = 14;
const IPV4 = 20;
const UDP = 8;

const out = openSync(file, "w");
const header = Buffer.alloc(24);
header.writeUInt32LE(0xa1b2c3d4, 0);
header.writeUInt16LE(2, 4);
header.writeUInt16LE(4, 6);
header.writeUInt32LE(65535, 16);
header.writeUInt32LE(1, 20);
writeSync(out, header);

/** Addresses and checksums are made up: decoders read the payload and the ports. */
function frame(payload, sourcePort) {
  const bytes = Buffer.alloc(16 + ETHERNET + IPV4 + UDP + payload.length);
  const length = bytes.length - 16;
  const now = Date.now();
  bytes.writeUInt32LE(Math.floor(now / 1000), 0);
  bytes.writeUInt32LE((now % 1000) * 1000, 4);
  bytes.writeUInt32LE(length, 8);
  bytes.writeUInt32LE(length, 12);
  bytes.writeUInt16BE(0x0800, 16 + 12);
  const ip = 16 + ETHERNET;
  bytes.writeUInt16BE(0x4500, ip);
  bytes.writeUInt16BE(length - ETHERNET, ip + 2);
  bytes.writeUInt16BE(0x4011, ip + 8);
  bytes.writeUInt32BE(0x7f000001, ip + 12);
  bytes.writeUInt32BE(0x7f000001, ip + 16);
  bytes.writeUInt16BE(0xffff - (ipSum(bytes, ip) % 0xffff), ip + 10);
  bytes.writeUInt16BE(sourcePort, ip + IPV4);
  bytes.writeUInt16BE(SFLOW, ip + IPV4 + 2);
  bytes.writeUInt16BE(UDP + payload.length, ip + IPV4 + 4);
  payload.copy(bytes, ip + IPV4 + UDP);
  return bytes;
}

function ipSum(bytes, at) {
  let sum = 0;
  for (let i = 0; i < IPV4; i += 2) sum += bytes.readUInt16BE(at + i);
  return sum;
}

const socket = createSocket({ type: isIPv6(address) ? "udp6" : "udp4", recvBufferSize: 4 << 20 });
socket.on("message", (payload, { port: from }) => writeSync(out, frame(payload, from)));
socket.bind(Number(port), address, () => process.stdout.write(`listening on ${socket.address().port}\n`));
process.once("SIGTERM", () => socket.close());
