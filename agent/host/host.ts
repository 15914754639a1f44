// The outside world as one value: clock, files, sockets, names. Tests pass another Host; nothing is mocked.

import type { Shim } from "../../native-shim/shim.ts";

export interface Timer {
  cancel(): void;
}

/** Timers never keep the process alive and never fire late in bursts: a stalled `every` fires once and goes on. */
export interface Clock {
  /** Milliseconds since the machine booted, suspended time included; never goes back. CLOCK_BOOTTIME. */
  uptime(): number;
  /** Nanoseconds of the UNIX epoch. */
  wallNanoseconds(): bigint;
  every(milliseconds: number, callback: () => void): Timer;
  after(milliseconds: number, callback: () => void): Timer;
}

export interface FileSystemSize {
  /** Bytes: total, and available to an unprivileged user. */
  readonly total: number;
  readonly available: number;
}

/**
 * Of /proc or a control group: every reading is fresh, costs a fifth of what opening does, and is possible as long as
 * there is what it tells of, even when no path leads there any more.
 */
export interface OpenFile {
  /** The whole text; undefined where it cannot be read any more. */
  read(): string | undefined;
  close(): void;
}

/** Paths are absolute and below a root: `/` in production, `/host` in a container, a fixture tree in a test. */
export interface Files {
  /** The text of a file; undefined where there is none or it may not be read. */
  read(path: string): string | undefined;
  readBytes(path: string): Uint8Array | undefined;
  open(path: string): OpenFile | undefined;
  /** Names in a folder, sorted; empty where there is none. */
  list(path: string): readonly string[];
  /** The target of a symbolic link. */
  link(path: string): string | undefined;
  exists(path: string): boolean;
  /**
   * Replaces the file whole: a reader sees the old text or the new, never half. A file that is held, and whose folder
   * may not be written any more, is overwritten in place instead; a device is written to. Throws the system's error.
   */
  write(path: string, text: string): void;
  /** Opens the file, made where there is none, for a `write` when the agent may no longer do so. Never throws. */
  hold(path: string): void;
  remove(path: string): void;
  /** Asynchronous, for a hung mount must not hang the agent. */
  size(mountPoint: string): Promise<FileSystemSize | undefined>;
}

/** What uname(2) says. `name` and `release` can change while the agent runs. */
export interface Uname {
  readonly system: string;
  readonly name: string;
  readonly release: string;
  readonly machine: string;
}

/** A unix socket, or a TCP port of the loopback. */
export type PageAddress =
  | { readonly path: string; readonly port?: undefined }
  | { readonly path?: undefined; readonly port: number };

export interface Page {
  /** Content-Type. */
  readonly type: string;
  readonly text: string;
}

export interface ServedPage {
  close(): void;
}

/** Where a name server is asked. */
export interface NameServer {
  readonly address: string;
  readonly port: number;
}

export interface Heard {
  /** A whole message from that server, whatever is in it. */
  message(bytes: Uint8Array): void;
  /** The system's name for what went wrong: ECONNREFUSED. Nothing comes after it. */
  failed(code: string): void;
}

/** A question under way; nothing is heard of it once it is closed. */
export interface Exchange {
  close(): void;
}

export interface Host {
  readonly clock: Clock;
  readonly files: Files;
  readonly sockets: Shim;
  uname(): Uname;
  /** Addresses of a name, as text, in the resolver's order; rejects where there is none. */
  resolve(name: string): Promise<readonly string[]>;
  /** Sends one DNS message to a name server, and listens until it is closed. RFC 1035, section 4.2. */
  askNameServer(protocol: "udp" | "tcp", server: NameServer, question: Uint8Array, heard: Heard): Exchange;
  /** A page for whoever on this host asks by HTTP, made anew each time. Rejects with the system's error. */
  servePage(address: PageAddress, page: () => Promise<Page>): Promise<ServedPage>;
  /** A whole number, 0 <= n < below, evenly distributed. */
  random(below: number): number;
  readonly env: Readonly<Record<string, string | undefined>>;
}
