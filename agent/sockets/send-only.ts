// A socket that only sends. The kernel gives it a port, to which anyone can send; a filter discards all of that.
// See socket(7), SO_ATTACH_FILTER and SO_RCVBUF.

import type { Shim } from "../../native-shim/shim.ts";
import { intOption, LITTLE_ENDIAN } from "./socket-address.ts";
import { SO_RCVBUF, SOL_SOCKET } from "./socket-constants.ts";

/** BPF_RET | BPF_K of linux/bpf_common.h. */
const RETURN = 0x06;

/** One struct sock_filter that accepts 0 bytes of every message. */
function acceptNothing(): Uint8Array {
  const instruction = new Uint8Array(8);
  new DataView(instruction.buffer).setUint16(0, RETURN, LITTLE_ENDIAN);
  return instruction;
}

/**
 * Lets a socket receive nothing, and keeps as little memory as possible for it. Call this before the first message is
 * sent, because from then on the socket has a port. ICMP errors still arrive: they are not messages.
 */
export function receiveNothing(sockets: Pick<Shim, "attachFilter" | "setOption">, fd: number): void {
  sockets.attachFilter(fd, acceptNothing());
  sockets.setOption(fd, SOL_SOCKET, SO_RCVBUF, intOption(0));
}
