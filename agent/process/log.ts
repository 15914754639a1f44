// Chooses where the log goes: the terminal, a file, the journal, or syslog for a daemon. See hsflowd(8) and syslog(3).

import { closeSync, constants, fstatSync, writeSync } from "node:fs";
import type { RunOptions } from "../cli/flags.ts";
import type { Host } from "../host/host.ts";
import { openOwn } from "../host/linux-own-path.ts";
import { whyUnreadable } from "../host/why-unreadable.ts";
import { Levels } from "../log/levels.ts";
import type { Logger } from "../log/logger.ts";
import { makeLogger, type Sink } from "../log/make-logger.ts";
import { foregroundSink } from "../log/stderr.ts";
import { StormLimit } from "../log/storm-limit.ts";
import { journalSink, syslogSink } from "../log/syslog.ts";
import { unixAddress } from "../sockets/socket-address.ts";
import { AF_UNIX, SOCK_DGRAM } from "../sockets/socket-constants.ts";
import { standardStream } from "./standard-stream.ts";

const DEV_LOG = "/dev/log";
const CHECK_MS = 1000;

/** The destination of the log. */
interface Outlet {
  readonly sink: Sink;
  /** Opens the log file again by its name, after logrotate(8) has renamed the old one. */
  readonly reopen?: () => void;
}

const { O_WRONLY, O_CREAT, O_APPEND, O_NONBLOCK } = constants;

/**
 * Writes to a log file until it has `limit` bytes, so that a forgotten debug level never fills a disk. Throws if the
 * file cannot be opened. The file may be a named pipe, whose reader must not stall the agent.
 */
function fileOutlet(path: string, limit: number): Outlet {
  const open = (): number => openOwn(path, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK, 0o666);
  let fd = open();
  const write = (text: string): void => {
    try {
      if (fstatSync(fd).size + Buffer.byteLength(text) <= limit) writeSync(fd, text);
    } catch {
      // Keep running, and drop the line: the error could be reported only in this file.
    }
  };
  const reopen = (): void => {
    try {
      const next = open();
      closeSync(fd);
      fd = next;
    } catch {
      // Keep using the open file: root could open the path at the start, but the agent's user may not.
    }
  };
  return { sink: foregroundSink(write, write), reopen };
}

/** Sends one datagram per line. A line is lost while syslog is down, as with syslog(3). */
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

/**
 * Tells whether stderr is the journal. Compares JOURNAL_STREAM with stderr, because a process may inherit the variable
 * from a service and have another stderr. See systemd.exec(5).
 */
function isJournal(stream: string | undefined): boolean {
  const { dev, ino } = fstatSync(2);
  return stream === `${dev}:${ino}`;
}

function chooseOutlet(host: Host, options: RunOptions, daemon: boolean): Outlet {
  if (options.logFile !== undefined && options.debug > 0) return fileOutlet(options.logFile, options.logBytes);
  const sockets = () => host.sockets;
  if (isJournal(host.env["JOURNAL_STREAM"])) return { sink: journalSink(standardStream(2, "<4>", sockets)) };
  if (daemon) return { sink: devLogSink(host) };
  const [stdout, stderr] = [standardStream(1, "warning: ", sockets), standardStream(2, "warning: ", sockets)];
  return { sink: foregroundSink(stdout, stderr) };
}

/** Reads the file of -F whenever it has changed. While the file cannot be read, the last levels stay. */
function followLevels({ files, clock }: Host, path: string, levels: Levels, log: Logger): void {
  let last: string | undefined = "";
  const check = (): void => {
    const text = files.read(path);
    if (text === last) return;
    last = text;
    if (text === undefined)
      log.warn(`${path}: ${whyUnreadable(files, path)} (user ${process.getuid?.()}): levels stay as they are`);
    else for (const line of levels.read(text)) log.warn(`${path}: "${line}" is not MODULE=LEVEL: line ignored`);
  };
  check();
  clock.every(CHECK_MS, check);
}

/** The log of the process. */
export interface ProcessLog {
  readonly log: Logger;
  readonly levels: Levels;
  /** Opens the log file again, if the log goes to a file. */
  reopen(): void;
  /** Logs how many lines were left out, before the process ends. */
  flush(): void;
}

/** Makes the log of this process. `daemon` is true if the process runs in the background. */
export function makeProcessLog(host: Host, options: RunOptions, daemon: boolean): ProcessLog {
  const levels = new Levels(options.debug);
  const { sink, reopen = () => undefined } = chooseOutlet(host, options, daemon);
  const storms = new StormLimit(sink, host.clock);
  const log = makeLogger(storms.write, (part) => levels.of(part));
  if (options.debugFile !== undefined) followLevels(host, options.debugFile, levels, log);
  return { log, levels, reopen, flush: () => storms.flush() };
}
