// Datagrams as they arrive. By Node's own socket, not the shim's: it tells who sent a datagram, and decoding needs no
// addon.

import { createSocket, type Socket } from "node:dgram";
import type { Take } from "./captured.ts";

/** Any burst of a large site, until the reader of the output catches up. */
const RECEIVE_BUFFER = 4 << 20;

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/** Undefined is every address of the host. Rejects where the socket cannot be bound. */
export type Listen = (address: string | undefined, port: number, take: Take) => Promise<Listening>;

/** IPv6 serves IPv4 too, where the kernel has it. */
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
