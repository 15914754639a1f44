// The state file: the numbers that collectors follow, for the next process to go on with. agent/README.md, decision 26.

import { closeSync, ftruncateSync, lstatSync, readFileSync, writeSync } from "node:fs";
import type { Host } from "../host/host.ts";
import { removeQuietly, replaceFile } from "../host/linux-replace.ts";
import type { Logger } from "../log/logger.ts";
import { messageOf } from "../log/message-of.ts";
import { isRunning, parsePidStat } from "../proc/pid-stat.ts";
import { type Numbering, Numbers, type Places } from "../sflow/numbers.ts";
import { isLine, LINE, type Line, lineOf, padded, putNumbers } from "./state-line.ts";

const VERSION = 1;

/** Seconds: longer than a restart or an upgrade takes, and shorter than a 32-bit counter of packets takes to wrap. */
const FRESH = 600;

/** Numbers go on in the same machine since the same boot, in the same network namespace: there they count the same. */
interface Origin {
  readonly version: number;
  readonly boot: string;
  readonly namespace: string;
  readonly pid: number;
  /** Of that process, in clock ticks. */
  readonly startTime: string;
}

interface Found {
  readonly origin: Origin;
  readonly lines: readonly Line[];
}

/** Undefined where it is not what this version writes; of another version, all but its number may differ. */
function parse(text: string): Found | undefined {
  try {
    const [first = "", ...rest] = text.split("\n").slice(0, -1);
    const origin = JSON.parse(first) as Origin;
    if (origin.version !== VERSION) return typeof origin.version === "number" ? { origin, lines: [] } : undefined;
    const lines = rest.filter((line) => line.trim() !== "").map((line) => JSON.parse(line) as Line);
    return text.length % LINE === 0 && lines.every(isLine) ? { origin, lines } : undefined;
  } catch {
    return undefined;
  }
}

function ownOrigin({ files }: Pick<Host, "files">): Origin {
  return {
    version: VERSION,
    boot: files.read("/proc/sys/kernel/random/boot_id")?.trim() ?? "",
    namespace: files.link("/proc/self/ns/net") ?? "",
    pid: process.pid,
    startTime: parsePidStat(files.read("/proc/self/stat") ?? "").startTime,
  };
}

/** Why the numbers in the file are no use; undefined where they are. */
function obstacle(text: string, found: Found | undefined, own: Origin, now: number): string | undefined {
  if (text === "") return "is empty";
  if (found === undefined) return "is not whole, or not a state file";
  const { origin, lines } = found;
  if (origin.version !== VERSION) return `was written by another version of the agent (${origin.version})`;
  if (origin.boot !== own.boot) return "was written before the machine was booted";
  if (origin.namespace !== own.namespace) return "was written in another network namespace";
  if (lines.every(({ at }) => now - at > FRESH)) return `says nothing of the last ${FRESH / 60} minutes`;
  return undefined;
}

/** The process that has the file open as its own, if it still runs. */
function owner({ files }: Pick<Host, "files">, { origin }: Found, own: Origin): number | undefined {
  if (origin.boot !== own.boot || origin.pid === own.pid) return undefined;
  const stat = parsePidStat(files.read(`/proc/${origin.pid}/stat`) ?? "");
  return isRunning(stat) && stat.startTime === origin.startTime ? origin.pid : undefined;
}

/** A device or a pipe in its place might have no end. */
function readOld(path: string): string | undefined {
  const file = lstatSync(path, { throwIfNoEntry: false });
  if (file === undefined) return undefined;
  if (!file.isFile()) throw new Error(`${path} is no regular file`);
  return readFileSync(path, "latin1");
}

/** Where the file cannot be new, numbers begin anew, and those of the old one must not be found later. */
function replaceOld(path: string, bytes: Uint8Array): number {
  try {
    return replaceFile(path, bytes, 0o600);
  } catch (error) {
    removeQuietly(path);
    throw error;
  }
}

/** What was last written of a place. */
interface Written {
  readonly numbering: Numbering;
  readonly subject: string;
  readonly line: Buffer;
  sequence: number;
}

/** Writes lines that changed where they are; a call for one is a microsecond where the file is in memory. */
function makeWriter(fd: number, now: () => number, onFailure: (reason: string) => void) {
  const written: (Written | undefined)[] = [];
  let open = true;

  const writeLine = (place: number, line: Buffer): number => writeSync(fd, line, 0, LINE, LINE * (place + 1));

  function writePlace(place: number, numbering: Numbering | undefined): void {
    const last = written[place];
    if (numbering === undefined) {
      writeLine(place, padded(""));
      written[place] = undefined;
    } else if (last?.numbering === numbering && last.subject === numbering.subject) {
      putNumbers(last.line, numbering, now());
      writeLine(place, last.line);
      last.sequence = numbering.sequence;
    } else {
      const { subject, sequence } = numbering;
      const line = lineOf(numbering, now());
      writeLine(place, line);
      written[place] = { numbering, subject, line, sequence };
    }
  }

  function isWritten(place: number, numbering: Numbering | undefined): boolean {
    const last = written[place];
    if (last === undefined || numbering === undefined) return last?.numbering === numbering;
    return last.numbering === numbering && last.sequence === numbering.sequence && last.subject === numbering.subject;
  }

  /** What is no longer kept must not be found later, or numbers are given out twice. A full disk lets files shrink. */
  function fail(error: unknown): void {
    try {
      ftruncateSync(fd);
    } catch {
      // Then its lines grow old.
    }
    end();
    onFailure(messageOf(error));
  }

  function end(): void {
    open = false;
    closeSync(fd);
  }

  function write(places: Places, all: boolean): void {
    if (!open) return;
    try {
      for (let i = 0; i < places.length; i++) if (all || !isWritten(i, places[i])) writePlace(i, places[i]);
    } catch (error) {
      fail(error);
    }
  }

  return {
    keep: (places: Places) => write(places, false),
    /** All lines, so that they are as fresh as this. */
    close(places: Places): void {
      write(places, true);
      if (open) end();
    },
  };
}

export interface State {
  readonly numbers: Numbers;
  /** All numbers have been given out. */
  close(): void;
}

/** An agent without a state file does all its work; collectors see its next restart. */
export function openState(host: Pick<Host, "files" | "clock">, path: string, log: Logger): State {
  try {
    return open(host, path, log);
  } catch (error) {
    log.warn(`${messageOf(error)}; numbers will begin anew after a restart: name another with --state-file`);
    return { numbers: new Numbers(), close: () => undefined };
  }
}

function open(host: Pick<Host, "files" | "clock">, path: string, log: Logger): State {
  const now = (): number => Math.floor(host.clock.uptime() / 1000);
  const own = ownOrigin(host);
  const text = readOld(path);
  const found = text === undefined ? undefined : parse(text);
  const other = found && owner(host, found, own);
  if (other !== undefined) throw new Error(`${path} is in use by process ${other}`);
  const useless = text === undefined ? "is not there" : obstacle(text, found, own, now());
  const left = useless === undefined ? (found?.lines ?? []).filter(({ at }) => now() - at <= FRESH) : [];
  if (useless === undefined) log.info(`${path}: numbers go on where process ${found?.origin.pid} left them`);
  else if (text !== undefined) log.info(`${path} ${useless}: numbers begin anew`);
  const lines = left.map((line) => lineOf(line, line.at));
  const fd = replaceOld(path, Buffer.concat([padded(JSON.stringify(own)), ...lines]));
  const writer = makeWriter(fd, now, (reason) =>
    log.warn(`${path}: ${reason}; numbers will begin anew after a restart`),
  );
  const numbers = new Numbers(
    left.map(({ at: _, ...numbering }) => numbering),
    (places) => writer.keep(places),
  );
  return { numbers, close: () => writer.close(numbers.places) };
}
