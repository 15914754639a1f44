// Where this process says things: the terminal, a file, the journal, or syslog for a daemon. hsflowd(8), syslog(3).

import { fstatSync, openSync, writeSync } from "node:fs";
import type { RunOptions } from "./flags.ts";
import type { Host } from "./host/host.ts";
import { unixAddress } from "./host/socket-address.ts";
import { AF_UNIX, SOCK_DGRAM } from "./host/socket-constants.ts";
import type { Logger } from "./log/logger.ts";
import { makeLogger, type Sink } from "./log/make-logger.ts";
import { foregroundSink } from "./log/stderr.ts";
import { journalSink, syslogSink } from "./log/syslog.ts";

const DEV_LOG = "/dev/log";

/**
 * A log file that has grown to its limit takes no more, so that a debug level left on never fills a disk. Opened once,
 * for later the agent may not: what rotates it must copy and truncate. Throws where it cannot be opened.
 */
function fileSink(path: string, limit: number): Sink {
  const fd = openSync(path, "a");
  const write = (text: string): void => {
    try {
      if (fstatSync(fd).size + text.length <= limit) writeSync(fd, text);
    } catch {
      // A log that cannot be written is no reason to stop: there is nobody left to tell.
    }
  };
  return foregroundSink(write, write);
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

const toStderr = (text: string): void => void process.stderr.write(text);

function chooseSink(host: Host, options: RunOptions, daemon: boolean): Sink {
  if (options.logFile !== undefined && options.debug > 0) return fileSink(options.logFile, options.logBytes);
  if (process.env["JOURNAL_STREAM"] !== undefined) return journalSink(toStderr);
  if (daemon) return devLogSink(host);
  return foregroundSink((text) => void process.stdout.write(text), toStderr);
}

/** `daemon` is true in the process that has no terminal any more. */
export const makeProcessLog = (host: Host, options: RunOptions, daemon: boolean): Logger =>
  makeLogger(chooseSink(host, options, daemon), () => options.debug);
