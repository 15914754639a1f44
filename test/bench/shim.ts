// The cost of a message through the addon, kernel included: received and sent in batches, on the loopback.

import { inetAddress, intOption, packetAddress } from "../../agent/sockets/socket-address.ts";
import * as k from "../../agent/sockets/socket-constants.ts";
import { makeReceiveBatch } from "../../native-shim/batch.ts";
import { loadShim } from "../../native-shim/load.ts";
import type { Shim } from "../../native-shim/shim.ts";

const WAITING = 2048;
const HEADER_BYTES = 128;
const DATAGRAM_BYTES = 1400;
const LOOPBACK_INDEX = 1;
const QUEUE_BYTES = 64 << 20;

export interface Cost {
  readonly name: string;
  readonly nanosecondsPerOp: number;
}

/** The best of a few runs is the cost of the code. `measure` returns nanoseconds an operation. */
function best(name: string, measure: () => number): Cost {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 25; i++) least = Math.min(least, measure());
  return { name, nanosecondsPerOp: Math.round(least) };
}

function timed(operations: number, run: () => void): number {
  const begin = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - begin) / operations;
}

function columns(count: number, length: number) {
  return {
    bytes: new Uint8Array(count * length),
    offsets: Uint32Array.from({ length: count }, (_, i) => i * length),
    lengths: new Uint32Array(count).fill(length),
  };
}

function udp(shim: Shim): { fd: number; address: Uint8Array } {
  const fd = shim.socket(k.AF_INET, k.SOCK_DGRAM, 0);
  shim.setOption(fd, k.SOL_SOCKET, k.SO_RCVBUFFORCE, intOption(QUEUE_BYTES));
  shim.bind(fd, inetAddress(Uint8Array.of(127, 0, 0, 1), 0));
  return { fd, address: shim.name(fd) };
}

/** Opens a packet socket on the loopback. */
function tap(shim: Shim): number {
  const fd = shim.socket(k.AF_PACKET, k.SOCK_RAW, 0);
  shim.setOption(fd, k.SOL_SOCKET, k.SO_RCVBUFFORCE, intOption(QUEUE_BYTES));
  shim.bind(fd, packetAddress(k.ETH_P_ALL, LOOPBACK_INDEX));
  return fd;
}

function benchReceive(shim: Shim, name: string, fd: number, refill: () => void, slots: number): Cost {
  const batch = makeReceiveBatch(shim.layout, slots, HEADER_BYTES);
  return best(`${name}, ${slots} a call`, () => {
    refill();
    let count = 0;
    const whole = timed(1, () => {
      while (count < WAITING) count += shim.receive(fd, batch);
    });
    while (shim.receive(fd, batch) > 0);
    return whole / count;
  });
}

function benchSend(shim: Shim, to: Uint8Array, drain: () => void, batch: number): Cost {
  const { fd } = udp(shim);
  const { bytes, offsets, lengths } = columns(batch, DATAGRAM_BYTES);
  shim.connect(fd, to);
  const cost = best(`send ${DATAGRAM_BYTES} bytes by UDP, ${batch} a call`, () => {
    const whole = timed(1024, () => {
      for (let sent = 0; sent < 1024; sent += batch) shim.send(fd, bytes, offsets, lengths, 0, batch);
    });
    drain();
    return whole;
  });
  shim.close(fd);
  return cost;
}

export function benchShim(): Cost[] {
  const shim = loadShim();
  const [from, to, heard] = [udp(shim), udp(shim), tap(shim)];
  const { bytes, offsets, lengths } = columns(WAITING, HEADER_BYTES);
  const small = makeReceiveBatch(shim.layout, 64, HEADER_BYTES);
  const wide = makeReceiveBatch(shim.layout, 256, HEADER_BYTES);
  const drain = () => {
    for (const fd of [to.fd, heard]) while (shim.receive(fd, wide) > 0);
  };
  const refill = () => {
    drain();
    shim.send(from.fd, bytes, offsets, lengths, 0, WAITING, to.address);
  };
  const costs = [1, 64, 256].flatMap((slots) => [
    benchReceive(shim, "receive from a packet socket", heard, refill, slots),
    benchReceive(shim, "receive from a UDP socket", to.fd, refill, slots),
  ]);
  shim.close(heard);
  const empty = best("receive when nothing waits, 64 slots", () =>
    timed(1000, () => {
      for (let i = 0; i < 1000; i++) shim.receive(from.fd, small);
    }),
  );
  const sends = [1, 8, 64].map((batch) =>
    benchSend(
      shim,
      to.address,
      () => {
        while (shim.receive(to.fd, wide) > 0);
      },
      batch,
    ),
  );
  for (const { fd } of [from, to]) shim.close(fd);
  return [...costs, empty, ...sends];
}
