// Files of a real machine, below a root. Reads are synchronous, because reading /proc never waits. A mount may hang, so
// only its size is read asynchronously.

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
 * Returns undefined after any error: a missing or forbidden file, or EINVAL from /sys for a value that a device lacks.
 */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Does not use node:fs/promises, because that makes Node load its code for terminals. */
const querySize = promisify(statfs);

/**
 * Returns a reader of sizes. A query that hangs occupies one of Node's four threads, so there is at most one query per
 * mount point. While a query hangs, the size is undefined.
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

/**
 * Computes sizes in bytes. Blocks are counted in fragments (f_frsize of statfs(2)), which newer versions of Node have.
 */
function sizeOf(found: { bsize: number; blocks: number; bavail: number; frsize?: number }): FileSystemSize {
  const block = found.frsize ?? found.bsize;
  return { total: found.blocks * block, available: found.bavail * block };
}

/**
 * Reads a file of /proc or of a cgroup. The length of such a file is not known before, and each read(2) returns some
 * kilobytes. A piece that leaves half of the buffer empty is the last one, because no line is that long.
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

/** Size of the buffer. Most files are shorter than half of it, so one read(2) suffices. */
const BUFFER_BYTES = 16_384;

function makeOpen(below: (path: string) => string): (path: string) => OpenFile | undefined {
  const shared = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  return (path) => {
    const fd = attempt(() => openSync(below(path), "r"));
    if (fd === undefined) return undefined;
    return { read: () => attempt(() => readWhole(fd, shared)), close: () => closeSync(fd) };
  };
}

/** Matches files of /proc about the whole machine, which can stay open because they never disappear. */
const LASTING = /^\/proc\/(diskstats|loadavg|meminfo|net\/(dev|snmp)|stat|sys\/kernel\/hostname|uptime|vmstat)$/;

/** Keeps files that every poll reads open: reading 12 open files costs 230 us, and 400 us if each is opened first. */
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
    // Below another root, files may be copies that are replaced, so they are not kept open.
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
