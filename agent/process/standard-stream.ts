// Writes lines to stdout or stderr without waiting. Their reader may stall, such as a pager or a suspended journal, and
// must not stall the agent. See pipe(7), unix(7) and tty(4).

import { constants, fstatSync, openSync, writeSync } from "node:fs";
import type { Shim } from "../../native-shim/shim.ts";

/**
 * Returns a descriptor of the same pipe or terminal, on which writing does not wait; `fd` itself if that is forbidden.
 */
function withoutWaiting(fd: number): number {
  const { O_WRONLY, O_APPEND, O_NONBLOCK, O_NOCTTY } = constants;
  try {
    return openSync(`/proc/self/fd/${fd}`, O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY);
  } catch {
    return fd;
  }
}

/** Returns a function that writes to a descriptor, and returns false if the text was dropped. */
function writerOf(fd: number, sockets: () => Shim): (bytes: Uint8Array) => boolean {
  const kind = fstatSync(fd);
  if (kind.isSocket()) {
    const shim = sockets();
    return (bytes) => shim.send(fd, bytes, Uint32Array.of(0), Uint32Array.of(bytes.length), 0, 1) > 0;
  }
  const own = kind.isFIFO() || kind.isCharacterDevice() ? withoutWaiting(fd) : fd;
  return (bytes) => {
    try {
      return writeSync(own, bytes) > 0;
    } catch {
      // The reader does not read, or has exited.
      return false;
    }
  };
}

/**
 * Returns a function that writes a line. Drops lines while their reader does not read, and writes their number before
 * the next line: `before` is what a warning begins with. `sockets` is called if the stream is a socket.
 */
export function standardStream(fd: number, before: string, sockets: () => Shim): (line: string) => void {
  const write = writerOf(fd, sockets);
  const encoder = new TextEncoder();
  let dropped = 0;
  const report = (): boolean =>
    write(encoder.encode(`${before}${dropped} lines of the log were dropped: its reader did not read them\n`));
  return (line) => {
    if (dropped > 0 && report()) dropped = 0;
    if (dropped > 0 || !write(encoder.encode(line))) dropped++;
  };
}
