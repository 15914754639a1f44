// Holds an abstract name of a unix socket. A network namespace has each name once, and the kernel frees it when the
// process ends. See unix(7), "Abstract".

import type { Shim } from "../../native-shim/shim.ts";
import { readUnixSocket, unixSocketsRequest } from "../netlink/unix-diag.ts";
import { openNetlinkSocket } from "./netlink-socket.ts";
import { unixAddress } from "./socket-address.ts";
import { AF_UNIX, NETLINK_SOCK_DIAG, SOCK_DGRAM } from "./socket-constants.ts";

/**
 * Returns the descriptor of a socket with the name; undefined if another socket has the name. Nothing reads the socket,
 * so other users cannot make the agent work by sending to it. Throws ShimError for any other failure.
 */
export function holdAbstractName(sockets: Shim, name: string): number | undefined {
  const fd = sockets.socket(AF_UNIX, SOCK_DGRAM, 0);
  try {
    sockets.bind(fd, unixAddress(`\0${name}`));
    return fd;
  } catch (error) {
    sockets.close(fd);
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") return undefined;
    throw error;
  }
}

/** Returns the user that created the socket with the name; undefined if the kernel does not say. */
export function abstractNameOwner(sockets: Shim, name: string): number | undefined {
  const wanted = new TextDecoder("latin1").decode(unixAddress(`\0${name}`).subarray(2));
  let owner: number | undefined;
  const socket = openNetlinkSocket(sockets, NETLINK_SOCK_DIAG);
  socket.ask(unixSocketsRequest, (message) => {
    const found = readUnixSocket(message);
    if (found?.name === wanted) owner = found.uid;
  });
  socket.close();
  return owner;
}
