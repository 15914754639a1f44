// Files of a real machine, below a root. Reads are synchronous, because reading /proc never waits. A mount may hang, so
// only its size is read asynchronously.

import {
  chmodSync,
  closeSync,
  createReadStream,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  type Stats,
  statSync,
} from "node:fs";
import { loadShim } from "../../native-shim/load.ts";
import type { Shim } from "../../native-shim/shim.ts";
import { codeOf } from "./error-code.ts";
import { Faults } from "./faults.ts";
import type { Files, OpenFile } from "./host.ts";
import { monotonicMilliseconds } from "./linux-clock.ts";
import { Descriptors, isShortage } from "./linux-descriptors.ts";
import { type Attempt, makeOpenFiles, type OpenParts } from "./linux-open-files.ts";
import { openPipe } from "./linux-pipe.ts";
import { removeFile } from "./linux-replace.ts";
import { makeSize } from "./linux-size.ts";
import { makeWriting } from "./linux-writing.ts";

/**
 * Returns a function that makes a call and returns undefined after an error: a missing file, or EINVAL from /sys for a
 * value that a device lacks. `note` receives the other errors too, by code.
 */
function makeAttempt(note: (code: string | undefined, path: string) => void): Attempt {
  return (path, call) => {
    try {
      return call();
    } catch (error) {
      // A shortage of descriptors is noted where it is handled.
      if (!isShortage(codeOf(error))) note(codeOf(error), path);
      return undefined;
    }
  };
}

/** Matches files of /proc about the whole machine, which can stay open because they never disappear. */
const LASTING = /^\/proc\/(diskstats|loadavg|meminfo|net\/(dev|snmp)|stat|sys\/kernel\/hostname|uptime|vmstat)$/;

/** Keeps files that every poll reads open: reading 12 open files costs 230 us, and 400 us if each is opened first. */
function makeRead(
  { below, attempt, descriptors }: OpenParts,
  keep: ((path: string) => OpenFile) | undefined,
): Files["read"] {
  const kept = new Map<string, OpenFile>();
  const whole = (path: string): string | undefined =>
    attempt(path, () => descriptors.brief(path, () => readFileSync(below(path), "utf8")));
  return (path) => {
    const known = kept.get(path);
    if (known !== undefined) return known.read();
    if (keep === undefined || !LASTING.test(path)) return whole(path);
    const file = keep(path);
    kept.set(path, file);
    return file.read();
  };
}

/** Does not read a folder that has no other name than its own two: thousands of cgroups have no cgroups below. */
function foldersIn(path: string): readonly string[] {
  if (statSync(path).nlink === 2) return [];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : []));
}

/** Size of the pieces of a stream. Larger pieces are not faster. */
const PIECE_BYTES = 256 * 1024;

function streamOf(path: string): AsyncIterable<Uint8Array> | undefined {
  const fd = openSync(path, "r");
  if (!fstatSync(fd).isDirectory()) return createReadStream(path, { fd, highWaterMark: PIECE_BYTES });
  closeSync(fd);
  return undefined;
}

function kindOf(stats: Stats | undefined): ReturnType<Files["kindOf"]> {
  if (stats === undefined) return undefined;
  if (stats.isSocket()) return "socket";
  return stats.isFIFO() ? "pipe" : "other";
}

/** Returns the code of the error of opening and reading a file; undefined if it can be read. */
function makeErrorOf(below: (path: string) => string): Files["errorOf"] {
  return (path) => {
    try {
      readFileSync(below(path));
      return undefined;
    } catch (error) {
      return codeOf(error);
    }
  };
}

/**
 * Returns the files below `root`. Calls `sockets` only for a size that may hang, so commands that read files need no
 * addon. `faults` and `descriptors` are those of the process.
 */
export function makeLinuxFiles(
  root: string,
  sockets: () => Shim = loadShim,
  faults = new Faults(monotonicMilliseconds),
  descriptors = new Descriptors(faults),
): Files {
  const prefix = root.replace(/\/+$/, "");
  const below = (path: string): string => prefix + path;
  const writing = makeWriting();
  const attempt = makeAttempt((code, path) => faults.note(code, path));
  // Searches try the links of all processes, most of which may be forbidden.
  const attemptLink = makeAttempt((code, path) => code !== "EACCES" && faults.note(code, path));
  const parts: OpenParts = { below, attempt, descriptors };
  const { open, keep } = makeOpenFiles(parts);
  const briefly = <T>(path: string, call: (path: string) => T): T | undefined =>
    attempt(path, () => descriptors.brief(path, () => call(below(path))));
  return {
    // Below another root, files may be copies that are replaced, so they are not kept open.
    read: makeRead(parts, prefix === "" ? keep : undefined),
    stream: (path) => attempt(path, () => streamOf(below(path))),
    open,
    keep,
    list: (path) => briefly(path, (at) => readdirSync(at).sort()) ?? [],
    folders: (path) => briefly(path, foldersIn) ?? [],
    link: (path) => attemptLink(path, () => readlinkSync(below(path))),
    exists: (path) => existsSync(below(path)),
    errorOf: makeErrorOf(below),
    identity: (path) =>
      attemptLink(path, () => {
        const { dev, ino } = statSync(below(path));
        return `${dev}:${ino}`;
      }),
    write: (path, text) => writing.write(below(path), text),
    hold: (path) => writing.hold(below(path)),
    remove: (path) => removeFile(below(path)),
    kindOf: (path) => kindOf(statSync(below(path), { throwIfNoEntry: false })),
    setMode: (path, mode) => chmodSync(below(path), mode),
    openPipe: (path) => openPipe(below(path)),
    size: makeSize(below, sockets, (code, path) => faults.note(code, path)),
  };
}
