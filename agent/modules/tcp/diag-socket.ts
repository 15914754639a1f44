// One socket to the kernel's inet_diag, in one network namespace. sock_diag(7), netlink(7).

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

/** Answers wait in the socket from the send on: each takes 2.6 KiB of its buffer (6.18), whatever its own length. */
const ANSWER_SPACE = 3072;
const WANTED_SPACE = 1 << 20;
/** Measured: beyond some 128 requests in a message, one more costs as much as the one before. */
export const MAX_BURST = 256;

export interface DiagSocket {
  readonly fd: number;
  /** How many questions may be outstanding before the kernel has no room for answers. */
  readonly burst: number;
}

/**
 * Throws ShimError: EPROTONOSUPPORT where the kernel lacks sock_diag, EOPNOTSUPP where it lacks tcp_diag, EPERM or
 * EACCES where the namespace is refused.
 */
export function openDiagSocket(shim: Shim, namespace: string | undefined): DiagSocket {
  const fd = shim.socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG, namespace);
  try {
    // A connected netlink socket takes no message from another process: every answer is the kernel's.
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

/** Errors without a copy of the question. */
function shortenErrors(shim: Shim, fd: number): void {
  try {
    shim.setOption(fd, SOL_NETLINK, NETLINK_CAP_ACK, intOption(1));
  } catch {
    // Kernels before 4.3 do not know the option, and copy it: longer, but as good.
  }
}

/**
 * A kernel without tcp_diag says ENOENT to every question, just as to one about a connection that is gone. A dump of no
 * state tells the two apart.
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

/** An answer has 408 bytes on 6.18; on a later kernel it may be more than twice as long. */
export const ANSWER_BYTES = 1024;
