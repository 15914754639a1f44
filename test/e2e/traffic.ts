// Frames put on an interface exactly as given, many in one system call. packet(7).

import { intOption, packetAddress } from "../../agent/sockets/socket-address.ts";
import { AF_PACKET, SO_MARK, SOCK_RAW, SOL_SOCKET } from "../../agent/sockets/socket-constants.ts";
import type { Shim } from "../../native-shim/shim.ts";
import { sleep } from "./command.ts";

export interface Sender {
  /** All of them, at once: nothing else of this process runs meanwhile. */
  send(frames: readonly Uint8Array[]): void;
  close(): void;
}

/** Frames leave through interface `index` of a network namespace; `mark` as of SO_MARK. */
export function openSender(sockets: Shim, namespace: string | undefined, index: number, mark = 0): Sender {
  const fd = sockets.socket(AF_PACKET, SOCK_RAW, 0, namespace);
  sockets.bind(fd, packetAddress(0, index));
  if (mark !== 0) sockets.setOption(fd, SOL_SOCKET, SO_MARK, intOption(mark));
  return {
    send: (frames) => sendAll(sockets, fd, frames),
    close: () => sockets.close(fd),
  };
}

function sendAll(sockets: Shim, fd: number, frames: readonly Uint8Array[]): void {
  const lengths = Uint32Array.from(frames, ({ length }) => length);
  const offsets = new Uint32Array(frames.length);
  for (let i = 1; i < frames.length; i++) offsets[i] = (offsets[i - 1] as number) + (lengths[i - 1] as number);
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  frames.forEach((frame, i) => {
    bytes.set(frame, offsets[i]);
  });
  for (let sent = 0; sent < frames.length; ) {
    const count = sockets.send(fd, bytes, offsets, lengths, sent, frames.length - sent);
    if (count < 0 && count !== -105) throw new Error(`send: errno ${-count}`);
    sent += Math.max(count, 0);
  }
}

/**
 * So many at a time, with a turn for everything else in between. A late timer fires before sockets are looked at, so
 * that alone is no turn: an immediate comes after.
 */
export async function sendInTurns(sender: Sender, frames: readonly Uint8Array[], atOnce = 1000): Promise<void> {
  for (let i = 0; i < frames.length; i += atOnce) {
    sender.send(frames.slice(i, i + atOnce));
    await sleep(3);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Quiet when three looks in a row find nothing new. */
export async function quiet({ seen }: { readonly seen: readonly unknown[] }): Promise<void> {
  for (let looks = 0, before = -1; looks < 3; looks++) {
    if (seen.length !== before) looks = 0;
    before = seen.length;
    await sleep(20);
  }
}
