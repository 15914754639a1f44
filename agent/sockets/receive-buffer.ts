// The buffer in which the kernel keeps the data that was not read from a socket yet. See socket(7), "SO_RCVBUF".

import type { Shim } from "../../native-shim/shim.ts";
import { LITTLE_ENDIAN } from "../netlink/message.ts";
import { intOption, parseIntOption } from "./socket-address.ts";
import { SO_MEMINFO, SO_RCVBUF, SO_RCVBUFFORCE, SOL_SOCKET } from "./socket-constants.ts";

/**
 * Requests a receive buffer of `bytes`. Returns the size in force, which the kernel doubles for its overhead. A buffer
 * above net.core.rmem_max needs CAP_NET_ADMIN; without that capability the buffer gets net.core.rmem_max.
 */
export function enlargeReceiveBuffer(shim: Shim, fd: number, bytes: number): number {
  try {
    shim.setOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, intOption(bytes));
  } catch {
    shim.setOption(fd, SOL_SOCKET, SO_RCVBUF, intOption(bytes));
  }
  return parseIntOption(shim.getOption(fd, SOL_SOCKET, SO_RCVBUF, 4));
}

/** SK_MEMINFO_DROPS of linux/sock_diag.h, as an offset in bytes. */
const DROPS_AT = 32;

/** Returns the datagrams that the kernel dropped because the buffer was full, modulo 2^32; 0 before Linux 4.12. */
export function readDrops(shim: Shim, fd: number): number {
  try {
    const words = shim.getOption(fd, SOL_SOCKET, SO_MEMINFO, DROPS_AT + 4);
    if (words.length < DROPS_AT + 4) return 0;
    return new DataView(words.buffer, words.byteOffset).getUint32(DROPS_AT, LITTLE_ENDIAN);
  } catch {
    return 0;
  }
}
