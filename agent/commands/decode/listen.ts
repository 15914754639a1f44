// Receives datagrams from the network. Uses Node's UDP socket, which reports the sender's address, so that decoding
// works without the native addon.

import { createSocket, type Socket } from "node:dgram";
import type { Origin } from "./datagram.ts";

/** Size of the receive buffer in bytes: it holds a burst of datagrams until the output catches up. */
const RECEIVE_BUFFER = 4 << 20;

export type Take = (bytes: Uint8Array, origin: Origin) => void;

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on an address, or on all addresses of the host if undefined. Rejects if the socket cannot be bound. */
export type Listen = (address: string | undefined, port: number, take: Take) => Promise<Listening>;

/**
 * Without an address, binds an IPv6 socket, which also receives IPv4. If the kernel lacks IPv6, binds an IPv4 socket.
 */
export const listenUdp: Listen = async (address, port, take) => {
  if (address !== undefined) return open(address.includes(":") ? "udp6" : "udp4", address, port, take);
  try {
    return await open("udp6", "::", port, take);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EAFNOSUPPORT") throw error;
    return open("udp4", "0.0.0.0", port, take);
  }
};

function open(type: "udp4" | "udp6", address: string, port: number, take: Take): Promise<Listening> {
  const socket = createSocket({ type, recvBufferSize: RECEIVE_BUFFER });
  socket.on("message", (bytes, { address: from }) => {
    const now = Date.now();
    const source = from.replace(/^::ffff:(?=\d+\.)/, "");
    take(bytes, { source, seconds: Math.floor(now / 1000), microseconds: (now % 1000) * 1000 });
  });
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(port, address, () => resolve(listening(socket)));
  });
}

const listening = (socket: Socket): Listening => ({
  port: socket.address().port,
  close: () => new Promise((resolve) => socket.close(() => resolve())),
});
