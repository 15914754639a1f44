// Files of a real machine, below a root. Reads are synchronous, because /proc answers at once. Only a mount may hang,
// so its size is read asynchronously.

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

/** Returns undefined for any error: missing, forbidden, or the EINVAL of /sys for a value that a device lacks. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Not from node:fs/promises, which makes Node load its code for terminals. */
const querySize = promisify(statfs);

/**
 * Returns a reader of sizes. A query that hangs occupies one of Node's four threads, so a mount point has at most one
 * query; until it returns, the size is undefined.
 */
function makeSize(below: (path: string) => string): Files["size"] {
  const pending = new Set<string>();
  return async (mountPoint) => {
    if (pending.has(mountPoint)) return undefined;
    pending.add(mountPoint);
    try {
      return sizeOf(await querySize(below(mountPoint)));
    } catch {
      return undefined;
    } finally {
      pending.delete(mountPoint);
    }
  };
}

/** Blocks are counted in fragments (f_frsize of statfs(2)), which newer versions of Node report. */
function sizeOf(found: { bsize: number; blocks: number; bavail: number; frsize?: number }): FileSystemSize {
  const block = found.frsize ?? found.bsize;
  return { total: found.blocks * block, available: found.bavail * block };
}

/**
 * Reads a file of /proc or of a control group. It has no length, and each call returns some kilobytes. A piece that
 * leaves half of the buffer empty is the last one, because no line is that long.
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

/** Most of these files are shorter than half of it, so one call reads them. */
const BUFFER_BYTES = 16_384;

function makeOpen(below: (path: string) => string): (path: string) => OpenFile | undefined {
  const shared = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  return (path) => {
    const fd = attempt(() => openSync(below(path), "r"));
    if (fd === undefined) return undefined;
    return { read: () => attempt(() => readWhole(fd, shared)), close: () => closeSync(fd) };
  };
}

/** Files about the whole machine, which exist as long as it runs. A file of a process does not. */
const LASTING = /^\/proc\/(diskstats|loadavg|meminfo|net\/(dev|snmp)|stat|sys\/kernel\/hostname|uptime|vmstat)$/;

/** Keeps the files of every poll open: reading 12 of them costs 230 us, and 400 us if each is opened. */
function makeRead(below: (path: string) => string, open: Files["open"], lasting: boolean): Files["read"] {
  const opened = new Map<string, OpenFile>();
  const whole = (path: string): string | undefined => attempt(() => readFileSync(below(path), "utf8"));
  return (path) => {
    const known = opened.get(path);
    if (known !== undefined) return known.read();
    const file = lasting && LASTING.test(path) ? open(path) : undefined;
    if (file === undefined) return whole(path);
    opened.set(path, file);
    return file.read();
  };
}

export function makeLinuxFiles(root: string): Files {
  const prefix = root.replace(/\/+$/, "");
  const below = (path: string): string => prefix + path;
  const writing = makeWriting();
  const open = makeOpen(below);
  return {
    // Another root may be a copy of a host's files, where they do not last.
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
