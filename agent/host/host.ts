// The interface to everything outside the process: clock, files, sockets, name resolution. Tests pass a fake Host.

import type { Shim } from "../../native-shim/shim.ts";
import type { Faults } from "./faults.ts";

export interface Timer {
  cancel(): void;
}

/**
 * The clock and timers. Timers do not keep the process alive. After a stall, `every` fires once for all missed calls.
 */
export interface Clock {
  /** Returns milliseconds since boot, including suspended time. Never goes back. CLOCK_BOOTTIME. */
  uptime(): number;
  /** Returns milliseconds of CLOCK_MONOTONIC, by which the kernel stamps samples of BPF. */
  monotonic(): number;
  /** Returns nanoseconds of the UNIX epoch. */
  wallNanoseconds(): bigint;
  every(milliseconds: number, callback: () => void): Timer;
  after(milliseconds: number, callback: () => void): Timer;
}

export interface FileSystemSize {
  /** Size in bytes. */
  readonly total: number;
  /** Bytes available to an unprivileged user. */
  readonly available: number;
}

/** A file of /proc or of a cgroup. Each `read` returns the present text, at a fifth of the cost of opening the file. */
export interface OpenFile {
  /** Returns the whole text, or undefined if it can no longer be read. */
  read(): string | undefined;
  close(): void;
}

/** A named pipe that is open for reading, without waiting. See fifo(7). */
export interface NamedPipe {
  readonly fd: number;
  /** Returns the number of bytes read, 0 if no writer has the pipe open, or undefined if none are waiting. */
  read(into: Uint8Array): number | undefined;
}

/**
 * Files below a root: `/` in production, `/host` in a container, a fixture in a test. Paths are absolute. Readers
 * return nothing after an error. `Host.faults` has the errors that do not mean that a file is missing.
 */
export interface Files {
  /** Returns the text of a file, or undefined if it is missing or unreadable. */
  read(path: string): string | undefined;
  /**
   * Reads a file of any size in pieces. Opens it at once: returns undefined if it is missing, unreadable or a folder.
   * An error while reading rejects the iteration.
   */
  stream(path: string): AsyncIterable<Uint8Array> | undefined;
  /**
   * Opens a file that stays open. Reading works as long as the object exists in the kernel, even if the path no longer
   * exists. Returns undefined if the file cannot be opened, also for lack of file descriptors.
   */
  open(path: string): OpenFile | undefined;
  /** Returns a file that stays open while there are enough file descriptors. Otherwise each `read` opens it. */
  keep(path: string): OpenFile;
  /** Returns the sorted names in a folder; none if it is missing. */
  list(path: string): readonly string[];
  /** Returns the names of the folders in a folder, in the order of the file system; none if it is missing. */
  folders(path: string): readonly string[];
  /** Returns the target of a symbolic link. */
  link(path: string): string | undefined;
  exists(path: string): boolean;
  /** Returns the reason why a file cannot be read, the name of an errno; undefined if it can be read. */
  errorOf(path: string): string | undefined;
  /** Returns what identifies the file at a path, which differs once the path leads to another file. */
  identity(path: string): string | undefined;
  /**
   * Replaces a file, so that readers see either the old or the new text. If the folder is no longer writable,
   * overwrites a file that `hold` has opened. Writes to a device without replacing it. Throws the error of the system.
   */
  write(path: string, text: string): void;
  /** Opens or creates a file for a later `write`, after the agent has lost the permission. Never throws. */
  hold(path: string): void;
  remove(path: string): void;
  /** Tells a unix socket and a named pipe from other files; undefined if the file is missing. */
  kindOf(path: string): "socket" | "pipe" | "other" | undefined;
  /** Sets the permissions of a file. Throws the error of the system. */
  setMode(path: string, mode: number): void;
  /** Opens a named pipe. Throws the error of the system, or EINVAL for another file. */
  openPipe(path: string): NamedPipe;
  /**
   * Returns the size of a file system. Asynchronous, because a hung mount must not block the agent. With `mayHang`, a
   * child process asks, because a thread that waits for a file system in user space would keep the agent from ending.
   */
  size(mountPoint: string, mayHang: boolean): Promise<FileSystemSize | undefined>;
}

/** The system as uname(2) describes it. `name` can change while the agent runs. */
export interface Uname {
  readonly system: string;
  readonly name: string;
  readonly release: string;
  readonly machine: string;
}

/** A unix socket, or a TCP port of an address. */
export type PageAddress =
  | { readonly path: string; readonly port?: undefined }
  | { readonly path?: undefined; readonly port: number; readonly bind: string };

export interface Page {
  /** Content-Type. */
  readonly type: string;
  readonly text: string;
}

export interface ServedPage {
  close(): void;
}

/** The address of a name server. */
export interface NameServer {
  readonly address: string;
  readonly port: number;
}

export interface DnsListener {
  /** Receives a whole message of the name server, which is not checked yet. */
  message(bytes: Uint8Array): void;
  /** Receives the error code of the system, such as ECONNREFUSED. This is the last call. */
  failed(code: string): void;
}

/** A query in progress. After `close`, the listener is not called any more. */
export interface Exchange {
  close(): void;
}

/** An HTTP server, at a unix socket or at a host and port. */
export type HttpServer =
  | { readonly socketPath: string; readonly host?: undefined; readonly port?: undefined }
  | { readonly socketPath?: undefined; readonly host: string; readonly port: number };

export interface HttpAnswer {
  /** Status code. Redirects are not followed. */
  readonly status: number;
  /** The body in parts, as they arrive. Iterating rejects if the body is cut off. Not read, it holds up the server. */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface Host {
  readonly clock: Clock;
  readonly files: Files;
  readonly sockets: Shim;
  /** Errors of files and sockets that do not mean "missing". */
  readonly faults: Faults;
  uname(): Uname;
  /** Tells whether a program of the package enters network namespaces for this process. */
  hasNamespaceHelper(): boolean;
  /** Resolves with the addresses of a host name as text, in the order of the resolver. Rejects if it has no address. */
  resolve(name: string): Promise<readonly string[]>;
  /** Sends one DNS message to a name server, and listens until the exchange is closed. See RFC 1035, section 4.2. */
  askNameServer(protocol: "udp" | "tcp", server: NameServer, question: Uint8Array, listener: DnsListener): Exchange;
  /**
   * Serves a page by HTTP. Calls `page` for each request with the token, or for each one if there is no token. Rejects
   * with the error of the system.
   */
  servePage(address: PageAddress, page: () => Promise<Page>, token?: string): Promise<ServedPage>;
  /**
   * Sends a GET request for a path. Resolves with the beginning of the answer. Aborting `signal` closes the connection,
   * at any time. The connection does not keep the process alive.
   */
  askHttpServer(server: HttpServer, path: string, signal: AbortSignal): Promise<HttpAnswer>;
  /** Returns a random whole number, 0 <= n < below, evenly distributed. */
  random(below: number): number;
  readonly env: Readonly<Record<string, string | undefined>>;
}
