// A socket for inet_diag in one network namespace. See sock_diag(7) and netlink(7).

import { makeReceiveBatch } from "../../../native-shim/batch.ts";
import type { Shim, ShimError } from "../../../native-shim/shim.ts";
import { dumpRequest } from "../../netlink/inet-diag.ts";
import { DiagAnswer, DiagReader } from "../../netlink/inet-diag-answer.ts";
import { enlargeReceiveBuffer } from "../../sockets/receive-buffer.ts";
import { intOption, netlinkAddress } from "../../sockets/socket-address.ts";
import {
  AF_INET,
  AF_NETLINK,
  NETLINK_CAP_ACK,
  NETLINK_SOCK_DIAG,
  SOCK_RAW,
  SOL_NETLINK,
} from "../../sockets/socket-constants.ts";

/** Bytes of receive buffer for each answer. On Linux 6.18, an answer of any length takes 2.6 KiB of the buffer. */
const ANSWER_SPACE = 3072;
/** Requested size of the receive buffer, in bytes. */
const WANTED_SPACE = 1 << 20;
/** Largest number of requests in a message. As measured, more than about 128 requests in a message save nothing. */
export const MAX_BURST = 256;

/** An open netlink socket for inet_diag. */
export interface DiagSocket {
  readonly fd: number;
  /** Number of requests to send in a message. The receive buffer has room for as many answers. */
  readonly burst: number;
}

/**
 * Opens a socket in the namespace that a path leads into; without a path, in the agent's own namespace.
 *
 * Throws ShimError: EPROTONOSUPPORT if the kernel lacks sock_diag, EOPNOTSUPP if it lacks tcp_diag, EPERM or EACCES if
 * the namespace may not be entered.
 */
export function openDiagSocket(shim: Shim, namespace: string | undefined): DiagSocket {
  const fd = shim.socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG, namespace);
  try {
    // A connected netlink socket accepts messages from the kernel only, so another process cannot forge answers.
    shim.connect(fd, netlinkAddress());
    shortenErrors(shim, fd);
    probe(shim, fd);
    return {
      fd,
      burst: Math.max(1, Math.min(MAX_BURST, Math.floor(enlargeReceiveBuffer(shim, fd, WANTED_SPACE) / ANSWER_SPACE))),
    };
  } catch (error) {
    shim.close(fd);
    throw error;
  }
}

/** Asks the kernel to send errors without a copy of the request. */
function shortenErrors(shim: Shim, fd: number): void {
  try {
    shim.setOption(fd, SOL_NETLINK, NETLINK_CAP_ACK, intOption(1));
  } catch {
    // Linux before 4.3 does not have this option. Its errors are longer, but still readable.
  }
}

/**
 * Throws if the kernel has no tcp_diag. Such a kernel answers every request with ENOENT, the same as for a closed
 * connection. So this function requests a dump of sockets with an empty set of states. ENOENT as the answer to a dump
 * can only mean that tcp_diag is missing.
 */
function probe(shim: Shim, fd: number): void {
  const memory = makeReceiveBatch(shim.layout, 1, ANSWER_BYTES);
  const request = dumpRequest(AF_INET, 0, 0);
  shim.send(fd, request, Uint32Array.of(0), Uint32Array.of(request.length), 0, 1);
  if (shim.receive(fd, memory) <= 0) return;
  const reader = new DiagReader(memory.bytes);
  reader.begin(memory.words[shim.layout.offset] as number, memory.words[shim.layout.length] as number);
  if (reader.next() && reader.kind === DiagAnswer.error) throw noTcpDiag(reader.errno);
}

const noTcpDiag = (errno: number): ShimError =>
  Object.assign(new Error(`tcp_diag answers with errno ${errno}`), { code: "EOPNOTSUPP", errno, syscall: "send" });

/** Buffer size for one answer, in bytes. An answer has 408 bytes on Linux 6.18; later kernels may add fields. */
export const ANSWER_BYTES = 1024;
