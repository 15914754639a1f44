// Sends frames on an interface byte for byte, many in one system call. packet(7).

import { intOption, packetAddress } from "../../agent/sockets/socket-address.ts";
import { AF_PACKET, SO_MARK, SOCK_RAW, SOL_SOCKET } from "../../agent/sockets/socket-constants.ts";
import type { Shim } from "../../native-shim/shim.ts";
import { sleep } from "./command.ts";

export interface Sender {
  /** Sends all of them at once: nothing else runs in this process meanwhile. */
  send(frames: readonly Uint8Array[]): void;
  close(): void;
}

/** Frames leave through interface `index` of a network namespace; `mark` is SO_MARK. */
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
 * Sends `atOnce` frames at a time, and lets other callbacks run in between. A late timer fires before sockets are
 * polled, so a timer alone is not enough: an immediate follows.
 */
export async function sendInTurns(sender: Sender, frames: readonly Uint8Array[], atOnce = 1000): Promise<void> {
  for (let i = 0; i < frames.length; i += atOnce) {
    sender.send(frames.slice(i, i + atOnce));
    await sleep(3);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Resolves when nothing new was seen three times in a row. */
export async function quiet({ seen }: { readonly seen: readonly unknown[] }): Promise<void> {
  for (let looks = 0, before = -1; looks < 3; looks++) {
    if (seen.length !== before) looks = 0;
    before = seen.length;
    await sleep(20);
  }
}
