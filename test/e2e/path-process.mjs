// A path between two interfaces of a namespace, with delay and loss: forwards frames from each to the other.
// Arguments: ADDON, the two interface indices, milliseconds each way, and N: every Nth frame of more than 1,000 bytes
// is lost.

import { createRequire } from "node:module";

const [addonPath, first, second, delay, lossy] = process.argv.slice(2);
const addon = createRequire(import.meta.url)(addonPath);
const { layout } = addon;
const AF_PACKET = 17;
const SOCK_RAW = 3;
/** Accepts all but outgoing packets: ld packet type; jeq PACKET_OUTGOING; ret 0; ret all. linux/filter.h */
const INCOMING_ONLY = Uint32Array.of(0x20, 0xffff_f004, 0x0100_0000 | 0x15, 4, 0x06, 0, 0x06, 0xffff_ffff);
const [SLOTS, STRIDE] = [64, 2048];

function open(index) {
  const fd = addon.socket(AF_PACKET, SOCK_RAW, 0);
  const address = new Uint8Array(20);
  new DataView(address.buffer).setUint16(0, AF_PACKET, true);
  new DataView(address.buffer).setUint16(2, 3);
  new DataView(address.buffer).setInt32(4, index, true);
  addon.attachFilter(fd, new Uint8Array(INCOMING_ONLY.buffer));
  addon.bind(fd, address);
  return fd;
}

const ends = [open(Number(first)), open(Number(second))];
const words = new Uint32Array(SLOTS * layout.slotWords);
const bytes = new Uint8Array(SLOTS * STRIDE);
const underway = [[], []];
let large = 0;

function takeIn(from) {
  for (;;) {
    const count = addon.receive(ends[from], words, bytes, SLOTS, STRIDE);
    for (let i = 0; i < count; i++) {
      const slot = i * layout.slotWords;
      const length = words[slot + layout.length];
      if (length > 1000 && ++large % Number(lossy) === 0) continue;
      const at = words[slot + layout.offset];
      underway[from].push({ due: performance.now() + Number(delay), frame: bytes.slice(at, at + length) });
    }
    if (count < SLOTS) return;
  }
}

function letOut(from) {
  while (underway[from].length > 0 && underway[from][0].due <= performance.now()) {
    const { frame } = underway[from].shift();
    addon.send(ends[1 - from], frame, Uint32Array.of(0), Uint32Array.of(frame.length), 0, 1);
  }
}

setInterval(() => {
  for (const from of [0, 1]) {
    takeIn(from);
    letOut(from);
  }
}, 1);
process.stdout.write("forwarding\n");
