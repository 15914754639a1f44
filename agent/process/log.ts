// Where this process says things: the terminal, a file, the journal, or syslog for a daemon. hsflowd(8), syslog(3).

import { closeSync, fstatSync, openSync, writeSync } from "node:fs";
import type { RunOptions } from "../cli/flags.ts";
import type { Host } from "../host/host.ts";
import { Levels } from "../log/levels.ts";
import type { Logger } from "../log/logger.ts";
import { makeLogger, type Sink } from "../log/make-logger.ts";
import { foregroundSink } from "../log/stderr.ts";
import { journalSink, syslogSink } from "../log/syslog.ts";
import { unixAddress } from "../sockets/socket-address.ts";
import { AF_UNIX, SOCK_DGRAM } from "../sockets/socket-constants.ts";

const DEV_LOG = "/dev/log";
const LOOK_MS = 1000;

interface Outlet {
  readonly sink: Sink;
  /** For whatever has put another file in its place. */
  readonly reopen?: () => void;
}

/**
 * A log file that has grown to its limit takes no more, so that a debug level left on never fills a disk. Throws where
 * it cannot be opened.
 */
function fileOutlet(path: string, limit: number): Outlet {
  let fd = openSync(path, "a");
  const write = (text: string): void => {
    try {
      if (fstatSync(fd).size + Buffer.byteLength(text) <= limit) writeSync(fd, text);
    } catch {
      // A log that cannot be written is no reason to stop: there is nobody left to tell.
    }
  };
  const reopen = (): void => {
    try {
      const next = openSync(path, "a");
      closeSync(fd);
      fd = next;
    } catch {
      // Root could, the user of the agent may not: it goes on with the file that it has.
    }
  };
  return { sink: foregroundSink(write, write), reopen };
}

/** One datagram a line; where syslog is down, the line is lost, as with syslog(3). */
function devLogSink({ sockets }: Host): Sink {
  const fd = sockets.socket(AF_UNIX, SOCK_DGRAM, 0);
  const address = unixAddress(DEV_LOG);
  const offsets = new Uint32Array(1);
  const lengths = new Uint32Array(1);
  const write = (datagram: string): void => {
    const bytes = new TextEncoder().encode(datagram);
    lengths[0] = bytes.length;
    sockets.send(fd, bytes, offsets, lengths, 0, 1, address);
  };
  return syslogSink({ ident: "hsflowd", pid: process.pid, now: () => new Date(), write });
}

/** Whether stderr is the journal, or the environment is left of somebody whose stderr was. systemd.exec(5). */
function isJournal(stream: string | undefined): boolean {
  const { dev, ino } = fstatSync(2);
  return stream === `${dev}:${ino}`;
}

const toStderr = (text: string): void => void process.stderr.write(text);

function chooseOutlet(host: Host, options: RunOptions, daemon: boolean): Outlet {
  if (options.logFile !== undefined && options.debug > 0) return fileOutlet(options.logFile, options.logBytes);
  // Whoever read it may go: that is no reason to end.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  if (isJournal(host.env["JOURNAL_STREAM"])) return { sink: journalSink(toStderr) };
  if (daemon) return { sink: devLogSink(host) };
  return { sink: foregroundSink((text) => void process.stdout.write(text), toStderr) };
}

/** The file of -F is read again when it has changed; as long as it cannot be, its last words count. */
function followLevels({ files, clock }: Host, path: string, levels: Levels, log: Logger): void {
  let last: string | undefined = "";
  const look = (): void => {
    const text = files.read(path);
    if (text === last) return;
    last = text;
    if (text === undefined) log.warn(`${path}: there is no such file, or user ${process.geteuid?.()} may not read it`);
    else for (const line of levels.read(text)) log.warn(`${path}: "${line}" is not MODULE=LEVEL`);
  };
  look();
  clock.every(LOOK_MS, look);
}

export interface ProcessLog {
  readonly log: Logger;
  readonly levels: Levels;
  /** Opens the log file anew, where there is one. */
  reopen(): void;
}

/** `daemon` is true in the process that has no terminal any more. */
export function makeProcessLog(host: Host, options: RunOptions, daemon: boolean): ProcessLog {
  const levels = new Levels(options.debug);
  const { sink, reopen = () => undefined } = chooseOutlet(host, options, daemon);
  const log = makeLogger(sink, (part) => levels.of(part));
  if (options.debugFile !== undefined) followLevels(host, options.debugFile, levels, log);
  return { log, levels, reopen };
}
