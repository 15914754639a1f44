// The state file: the sequence numbers of this process, so that the next process can continue them and collectors see
// no gap. See agent/DECISIONS.md, decision 26.

import { lstatSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Host } from "../host/host.ts";
import { removeQuietly, replaceFile } from "../host/linux-replace.ts";
import { inTurn } from "../host/linux-turn.ts";
import type { Logger } from "../log/logger.ts";
import { messageOf } from "../log/message-of.ts";
import { isRunning, parsePidStat } from "../proc/pid-stat.ts";
import { Numbers } from "../sflow/numbers.ts";
import { alreadyRunning } from "./pid-file.ts";
import { isLine, LINE, type Line, lineOf, padded } from "./state-line.ts";
import { StateWriter } from "./state-writer.ts";

const VERSION = 1;

/**
 * Maximum age of a line in seconds. A restart or an upgrade takes less time. A 32-bit packet counter takes longer to
 * wrap.
 */
const FRESH = 600;

/** The process that wrote the file. Its numbers can be continued only in the same boot and network namespace. */
interface Origin {
  readonly version: number;
  readonly boot: string;
  readonly namespace: string;
  readonly pid: number;
  /** Start time of that process, in clock ticks. */
  readonly startTime: string;
}

/** The parsed text of a state file. */
interface StateContents {
  readonly origin: Origin;
  readonly lines: readonly Line[];
}

/** Returns undefined if the text is not a state file. If the version differs, only `origin.version` is valid. */
function parse(text: string): StateContents | undefined {
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

/** Returns the reason why the numbers in the file cannot be continued; undefined if they can. */
function obstacle(text: string, found: StateContents | undefined, own: Origin, now: number): string | undefined {
  if (text === "") return "is empty";
  if (found === undefined) return "is damaged, or is not a state file";
  const { origin, lines } = found;
  if (origin.version !== VERSION) return `was written by another version of the agent (${origin.version})`;
  if (origin.boot !== own.boot) return "was written before the last boot";
  if (origin.namespace !== own.namespace) return "was written in another network namespace";
  if (lines.every(({ at }) => now - at > FRESH)) return `is older than ${FRESH / 60} minutes`;
  return undefined;
}

/** Returns the id of another process that still writes the file with these contents; undefined if there is none. */
function owner({ files }: Pick<Host, "files">, { origin }: StateContents, own: Origin): number | undefined {
  if (origin.boot !== own.boot || origin.pid === own.pid) return undefined;
  const stat = parsePidStat(files.read(`/proc/${origin.pid}/stat`) ?? "");
  return isRunning(stat) && stat.startTime === origin.startTime ? origin.pid : undefined;
}

/** Returns the text of the file; undefined if it does not exist. Throws for a device or pipe, which may have no end. */
function readOld(path: string): string | undefined {
  const file = lstatSync(path, { throwIfNoEntry: false });
  if (file === undefined) return undefined;
  if (!file.isFile()) throw new Error(`${path} is not a regular file`);
  return readFileSync(path, "latin1");
}

/** Replaces the file and returns its descriptor. On failure, removes the old file, whose numbers are used up. */
function replaceOld(path: string, bytes: Uint8Array): number {
  try {
    return replaceFile(path, bytes, 0o600);
  } catch (error) {
    removeQuietly(path);
    throw error;
  }
}

/** Returns the id of another process that still writes the file; undefined if there is none, or no such file. */
function stateOwner(host: Pick<Host, "files">, path: string): number | undefined {
  try {
    const found = parse(readOld(path) ?? "");
    return found && owner(host, found, ownOrigin(host));
  } catch {
    return undefined;
  }
}

const LOST = "the next process will start its sequence numbers at 1";

/** An open state file. */
export interface State {
  readonly numbers: Numbers;
  /** Writes the last numbers and closes the file. */
  close(): void;
}

/**
 * Opens the state file and continues its numbers, if possible. Never throws, because the agent works without a state
 * file; collectors then notice its next restart.
 */
export function openState(host: Pick<Host, "files" | "clock">, path: string, log: Logger): State {
  try {
    return open(host, path, log);
  } catch (error) {
    log.warn(`state file: ${messageOf(error)}; ${LOST}: choose another file with --state-file`);
    return { numbers: new Numbers(), close: () => undefined };
  }
}

/**
 * Opens the state file. Rejects with `alreadyRunning` if another agent writes it, unless `second` is true: both would
 * number the same data sources. Agents that start at the same moment do so in turn.
 */
export const takeState = (
  host: Pick<Host, "files" | "clock">,
  path: string,
  second: boolean,
  log: Logger,
): Promise<State> =>
  inTurn(dirname(path), () => {
    const other = second ? undefined : stateOwner(host, path);
    if (other !== undefined) throw new Error(alreadyRunning(other, path));
    return openState(host, path, log);
  });

function open(host: Pick<Host, "files" | "clock">, path: string, log: Logger): State {
  const now = (): number => Math.floor(host.clock.uptime() / 1000);
  const own = ownOrigin(host);
  const text = readOld(path);
  const found = text === undefined ? undefined : parse(text);
  const other = found && owner(host, found, own);
  if (other !== undefined) throw new Error(`${path} is in use by process ${other}`);
  const useless = text === undefined ? "is missing" : obstacle(text, found, own, now());
  const fresh = useless === undefined ? (found?.lines ?? []).filter(({ at }) => now() - at <= FRESH) : [];
  if (useless === undefined) log.info(`${path}: continuing sequence numbers of process ${found?.origin.pid}`);
  else if (text !== undefined) log.info(`${path} ${useless}: sequence numbers start at 1`);
  const lines = fresh.map((line) => lineOf(line, line.at));
  const fd = replaceOld(path, Buffer.concat([padded(JSON.stringify(own)), ...lines]));
  const writer = new StateWriter(fd, now, (reason) => log.warn(`state file: ${path}: ${reason}; ${LOST}`));
  const numbers = new Numbers(
    fresh.map(({ at: _, ...numbering }) => numbering),
    (places) => writer.keep(places),
  );
  return { numbers, close: () => writer.close(numbers.all) };
}
