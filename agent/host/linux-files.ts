// Files of a real machine, below a root. Synchronous, for /proc answers at once; only a mount may hang, and is asked
// aside.

import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  rmSync,
  statfs,
} from "node:fs";
import { promisify } from "node:util";
import type { FileSystemSize, Files, OpenFile } from "./host.ts";
import { makeWriting } from "./linux-writing.ts";

/**
 * Undefined for what is missing or forbidden, and for the EINVAL that /sys answers for a value a device does not have.
 */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Not of `promises`, with which Node loads all that reads lines from a terminal. */
const ask = promisify(statfs);

/**
 * A query that hangs keeps one of Node's four threads. A mount point whose last query has not come back is therefore
 * not asked again, and has no size until it does.
 */
function makeSize(below: (path: string) => string): Files["size"] {
  const asked = new Set<string>();
  return async (mountPoint) => {
    if (asked.has(mountPoint)) return undefined;
    asked.add(mountPoint);
    try {
      return sizeOf(await ask(below(mountPoint)));
    } catch {
      return undefined;
    } finally {
      asked.delete(mountPoint);
    }
  };
}

/** Blocks are counted in fragments (statfs(2) f_frsize), which newer versions of Node tell. */
function sizeOf(found: { bsize: number; blocks: number; bavail: number; frsize?: number }): FileSystemSize {
  const block = found.frsize ?? found.bsize;
  return { total: found.blocks * block, available: found.bavail * block };
}

/**
 * Files of /proc and of control groups have no length, and give some kilobytes at a time. They have ended when there is
 * nothing more; a piece that leaves half the room empty is the last one, for no line is as long.
 */
function readWhole(fd: number, buffer: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const count = readSync(fd, buffer, 0, buffer.length, at);
    const piece = buffer.subarray(0, count);
    if (count < buffer.length / 2) return (at === 0 ? piece : Buffer.concat([...parts, piece])).toString();
    parts.push(Buffer.from(piece));
    at += count;
  }
}

/** Most of these files are shorter than half of it, and are read in one call then. */
const BUFFER_BYTES = 16_384;

function makeOpen(below: (path: string) => string): (path: string) => OpenFile | undefined {
  const shared = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  return (path) => {
    const fd = attempt(() => openSync(below(path), "r"));
    if (fd === undefined) return undefined;
    return { read: () => attempt(() => readWhole(fd, shared)), close: () => closeSync(fd) };
  };
}

/** What the kernel tells of the whole machine: there for as long as it runs. Of a process a file is not. */
const LASTING = /^\/proc\/(diskstats|loadavg|meminfo|net\/(dev|snmp)|stat|sys\/kernel\/hostname|uptime|vmstat)$/;

/** Files that are read at every poll stay open: 12 of them cost 230 us so, and 400 where each is opened. */
function makeRead(below: (path: string) => string, open: Files["open"], lasting: boolean): Files["read"] {
  const kept = new Map<string, OpenFile>();
  const whole = (path: string): string | undefined => attempt(() => readFileSync(below(path), "utf8"));
  return (path) => {
    const known = kept.get(path);
    if (known !== undefined) return known.read();
    const file = lasting && LASTING.test(path) ? open(path) : undefined;
    if (file === undefined) return whole(path);
    kept.set(path, file);
    return file.read();
  };
}

export function makeLinuxFiles(root: string): Files {
  const prefix = root.replace(/\/+$/, "");
  const below = (path: string): string => prefix + path;
  const writing = makeWriting();
  const open = makeOpen(below);
  return {
    // Below another root is a copy of a host's files as well as the files of a host.
    read: makeRead(below, open, prefix === ""),
    readBytes: (path) => attempt(() => readFileSync(below(path))),
    open,
    list: (path) => attempt(() => readdirSync(below(path)).sort()) ?? [],
    link: (path) => attempt(() => readlinkSync(below(path))),
    exists: (path) => existsSync(below(path)),
    write: (path, text) => writing.write(below(path), text),
    hold: (path) => writing.hold(below(path)),
    remove: (path) => rmSync(below(path), { force: true }),
    size: makeSize(below),
  };
}
