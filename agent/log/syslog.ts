// The log of a daemon: datagrams to /dev/log, or lines on stderr for the journal. See RFC 3164, section 4.1, and
// sd-daemon(3).

import type { Severity, Sink } from "./make-logger.ts";

const SEVERITY: Readonly<Record<Severity, number>> = { error: 3, warning: 4, info: 6, debug: 7 };

/** LOG_USER, the facility that hsflowd uses. */
const FACILITY = 1;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const twoDigits = (value: number): string => String(value).padStart(2, "0");

/** Formats the local time. RFC 3164 pads the day with a blank. */
const timestamp = (at: Date): string =>
  `${MONTHS[at.getMonth()]} ${String(at.getDate()).padStart(2)} ${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}:${twoDigits(at.getSeconds())}`;

export interface SyslogParts {
  readonly ident: string;
  readonly pid: number;
  readonly now: () => Date;
  /** Sends one datagram to /dev/log. Never throws. */
  readonly write: (datagram: string) => void;
}

/** Writes lines in the format of syslog(3), without a host name, which the syslog daemon adds. */
export const syslogSink =
  ({ ident, pid, now, write }: SyslogParts): Sink =>
  (severity, line) =>
    write(`<${FACILITY * 8 + SEVERITY[severity]}>${timestamp(now())} ${ident}[${pid}]: ${line}`);

/** Writes lines with a priority to stderr, if stderr is the journal. The journal adds time, name and pid. */
export const journalSink =
  (write: (text: string) => void): Sink =>
  (severity, line) =>
    write(`<${SEVERITY[severity]}>${line}\n`);
