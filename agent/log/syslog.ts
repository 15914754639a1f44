// The log of a daemon: datagrams for /dev/log, or lines that the journal reads off stderr. RFC 3164, section 4.1;
// sd-daemon(3).

import type { Severity, Sink } from "./make-logger.ts";

const SEVERITY: Readonly<Record<Severity, number>> = { error: 3, warning: 4, info: 6, debug: 7 };

/** LOG_USER, where hsflowd's messages have always been found. */
const FACILITY = 1;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const two = (value: number): string => String(value).padStart(2, "0");

/** Local time, the day padded with a blank. */
const stamp = (at: Date): string =>
  `${MONTHS[at.getMonth()]} ${String(at.getDate()).padStart(2)} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;

export interface SyslogParts {
  readonly ident: string;
  readonly pid: number;
  readonly now: () => Date;
  /** Sends one datagram to /dev/log; never throws. */
  readonly write: (datagram: string) => void;
}

/** As syslog(3) writes to /dev/log, without a host name: the daemon there knows it. */
export const syslogSink =
  ({ ident, pid, now, write }: SyslogParts): Sink =>
  (severity, line) =>
    write(`<${FACILITY * 8 + SEVERITY[severity]}>${stamp(now())} ${ident}[${pid}]: ${line}`);

/** For a service whose stderr is the journal (JOURNAL_STREAM is set): it knows time, name and pid by itself. */
export const journalSink =
  (write: (text: string) => void): Sink =>
  (severity, line) =>
    write(`<${SEVERITY[severity]}>${line}\n`);
