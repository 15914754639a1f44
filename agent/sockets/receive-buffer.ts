// The memory in which the kernel keeps what a socket has not read yet. socket(7) "SO_RCVBUF".

import type { Shim } from "../../native-shim/shim.ts";
import { intOption, parseIntOption } from "./socket-address.ts";
import { SO_RCVBUF, SO_RCVBUFFORCE, SOL_SOCKET } from "./socket-constants.ts";

/**
 * Asks for a receive buffer of `bytes` and returns the size in force, which the kernel doubles for its own records.
 * Beyond net.core.rmem_max it needs CAP_NET_ADMIN; without it the buffer has that limit.
 */
export function enlargeReceiveBuffer(shim: Shim, fd: number, bytes: number): number {
  try {
    shim.setOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, intOption(bytes));
  } catch {
    shim.setOption(fd, SOL_SOCKET, SO_RCVBUF, intOption(bytes));
  }
  return parseIntOption(shim.getOption(fd, SOL_SOCKET, SO_RCVBUF, 4));
}
