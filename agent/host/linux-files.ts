// Files of a real machine, below a root. Synchronous, for /proc answers at once; only a mount may hang, and is asked
// aside.

import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  promises,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import type { FileSystemSize, Files, OpenFile } from "./host.ts";

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

/**
 * Through a symbolic link to where the text really lives, so that a link stays a link. The mode is set, not asked for:
 * other programs read these files, whatever the umask of the shell that started the agent.
 */
function replace(path: string, text: string): void {
  const target = attempt(() => realpathSync(path)) ?? path;
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    rmSync(temporary, { force: true });
    writeFileSync(temporary, text, { flag: "wx" });
    chmodSync(temporary, 0o644);
    renameSync(temporary, target);
  } catch (error) {
    attempt(() => rmSync(temporary, { force: true }));
    throw explained(error, path, dirname(target));
  }
}

/** One call for all of it, but a reader may still see half: hsflowd.auto has its revision at both ends for that. */
function overwrite(fd: number, path: string, text: string): void {
  if (fstatSync(fd).nlink === 0) throw new Error(`${path}: the file was replaced or removed: restart the agent`);
  const bytes = Buffer.from(text);
  writeSync(fd, bytes, 0, bytes.length, 0);
  ftruncateSync(fd, bytes.length);
}

interface Writing {
  hold(path: string): void;
  write(path: string, text: string): void;
}

function makeWriting(): Writing {
  const held = new Map<string, number>();
  return {
    hold(path) {
      const fd = attempt(() => openSync(path, constants.O_RDWR | constants.O_CREAT, 0o644));
      if (fd !== undefined) held.set(path, fd);
    },
    write(path, text) {
      try {
        replace(path, text);
      } catch (error) {
        const fd = held.get(path);
        if (fd === undefined || !isForbidden(error)) throw error;
        overwrite(fd, path, text);
      }
    },
  };
}

const FORBIDDEN = ["EACCES", "EPERM", "EROFS", "EBUSY"];

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "");

const isForbidden = (error: unknown): boolean => FORBIDDEN.includes(codeOf(error));

function explained(error: unknown, path: string, folder: string): unknown {
  if (!isForbidden(error)) return error;
  const code = codeOf(error);
  const remedy = "a file is replaced by a new one, so its folder must be writable and it must be no mount of its own";
  return Object.assign(new Error(`${path}: no file can be put in its place in ${folder} (${code}): ${remedy}`), {
    code,
    cause: error,
  });
}

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
      return sizeOf(await promises.statfs(below(mountPoint)));
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
const LASTING =
  /^\/proc\/(diskstats|loadavg|meminfo|net\/(dev|snmp)|stat|sys\/kernel\/(hostname|osrelease)|uptime|vmstat)$/;

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
