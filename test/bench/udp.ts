// A connected or bound IPv4 UDP socket of the shim, for the processes that send and receive the load.

import type { Shim } from "../../native-shim/shim.ts";

const AF_INET = 2;
const SOCK_DGRAM = 2;
const SOL_SOCKET = 1;
const SO_RCVBUFFORCE = 33;

/** struct sockaddr_in: the family in host order, the rest in network order. */
export function sockaddr(address: string, port: number): Uint8Array {
  const family = new Uint8Array(Uint16Array.of(AF_INET).buffer);
  return Uint8Array.of(...family, port >> 8, port & 0xff, ...address.split(".").map(Number), 0, 0, 0, 0, 0, 0, 0, 0);
}

export const udpSocket = (sockets: Shim): number => sockets.socket(AF_INET, SOCK_DGRAM, 0);

export const enlargeReceiveBuffer = (sockets: Shim, fd: number, bytes: number): void =>
  sockets.setOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, new Uint8Array(Uint32Array.of(bytes).buffer));
