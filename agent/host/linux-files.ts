// Files of a real machine, below a root. Reads are synchronous, because reading /proc never waits. A mount may hang, so
// only its size is read asynchronously.

import { closeSync, existsSync, openSync, readdirSync, readFileSync, readlinkSync, readSync, rmSync } from "node:fs";
import { loadShim } from "../../native-shim/load.ts";
import type { Shim } from "../../native-shim/shim.ts";
import type { Files, OpenFile } from "./host.ts";
import { makeSize } from "./linux-size.ts";
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

/** Size of the buffer at the start. Almost every file is shorter. */
const BUFFER_BYTES = 16_384;

/**
 * Returns a reader of whole files of /proc and of cgroups. Their length is not known before, and a read(2) returns at
 * most one page of whole lines, however large the buffer is. So only a read(2) of 0 bytes is the end of a file.
 */
function makeReadWhole(): (fd: number) => string {
  let buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  return (fd) => {
    for (let at = 0; ; ) {
      const count = readSync(fd, buffer, at, buffer.length - at, at);
      if (count === 0) return buffer.toString("utf8", 0, at);
      at += count;
      if (at === buffer.length) buffer = Buffer.concat([buffer], 2 * at);
    }
  };
}

function makeOpen(below: (path: string) => string): (path: string) => OpenFile | undefined {
  const readWhole = makeReadWhole();
  return (path) => {
    const fd = attempt(() => openSync(below(path), "r"));
    if (fd === undefined) return undefined;
    return { read: () => attempt(() => readWhole(fd)), close: () => closeSync(fd) };
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

/** Calls `sockets` only for a size that may hang, so commands that read files need no addon. */
export function makeLinuxFiles(root: string, sockets: () => Shim = loadShim): Files {
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
    size: makeSize(below, sockets),
  };
}
