// A process with a watch that ends as its argument says: node shim-process.mjs idle|throw|exit|worker ADDON

import { createSocket } from "node:dgram";
import { createRequire } from "node:module";
import { isMainThread, Worker, workerData } from "node:worker_threads";

const [, , ending, path] = isMainThread ? process.argv : ["", "", "answer", workerData];
const addon = createRequire(import.meta.url)(path);
const AF_INET = 2;
const SOCK_DGRAM = 2;

/** Watches a UDP socket; `onReadable` is called for a datagram that is already on its way. */
function watchOwnDatagram(onReadable) {
  const fd = addon.socket(AF_INET, SOCK_DGRAM, 0);
  const loopback = Uint8Array.of(AF_INET, 0, 0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0);
  addon.bind(fd, loopback);
  addon.name(fd, loopback);
  const epoll = addon.watch(onReadable);
  addon.arm(epoll, fd, 1);
  addon.send(fd, Uint8Array.of(1), Uint32Array.of(0), Uint32Array.of(1), 0, 1, loopback);
}

const endings = {
  /** Has only a watch, whose datagram is never read: the process ends by itself. */
  idle: () => watchOwnDatagram(() => {}),
  throw() {
    createSocket("udp4").bind(0, "127.0.0.1");
    watchOwnDatagram(() => {
      throw new Error("from the callback");
    });
  },
  exit() {
    createSocket("udp4").bind(0, "127.0.0.1");
    watchOwnDatagram(() => process.exit(7));
  },
  /** Starts and stops threads with a watch each, some of them while events are on their way. */
  async worker() {
    for (let i = 0; i < 20; i++) {
      const worker = new Worker(new URL(import.meta.url), { workerData: path });
      await new Promise((resolve) => worker.once(i % 2 === 0 ? "message" : "online", resolve));
      await worker.terminate();
    }
    process.stdout.write("done\n");
  },
  async answer() {
    const { parentPort } = await import("node:worker_threads");
    parentPort.ref();
    setInterval(() => {}, 1000);
    watchOwnDatagram(() => parentPort.postMessage("readable"));
  },
};

await endings[ending]();
