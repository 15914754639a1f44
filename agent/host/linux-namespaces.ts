// Asks hsflowd-namespaces, a program of the package, which network namespaces processes are in, and for sockets in
// them. The package's service has neither of the capabilities that this takes. See
// native-shim/helper/hsflowd-namespaces.c for the messages.

import { closeSync, constants as files, openSync } from "node:fs";
import { endianness } from "node:os";
import { makeShimError } from "../../native-shim/errno.ts";
import type { Shim } from "../../native-shim/shim.ts";
import { codeOf } from "./error-code.ts";
import { type Faults, NO_HELPER } from "./faults.ts";

const SOCKET = "/run/hsflowd-namespaces.socket";
const AF_UNIX = 1;
const SOCK_SEQPACKET = 5;
const LITTLE_ENDIAN = endianness() === "LE";

/** Size of an answer: an int, and the text of an identity. */
const ANSWER_BYTES = 36;
/** Milliseconds until an answer. It takes 50 us, unless the machine is so busy that the helper does not run. */
const PATIENCE = 100;
/** The same for the first answer, at the start of the agent, when the helper may be starting, too. */
const PATIENCE_AT_START = 1_000;
/** Milliseconds without a further attempt after a failure; doubled while attempts fail. */
const LEAST_WAIT = 500;
const MOST_WAIT = 8_000;

const PROCESS = /^\/proc\/(\d+)\/ns\/net$/;

type Sockets = Pick<Shim, "socket" | "connect" | "exchange" | "close">;

/** Returns a sockaddr_un. See unix(7). */
function unixAddress(path: string): Uint8Array {
  const address = new Uint8Array(2 + Buffer.byteLength(path) + 1);
  new DataView(address.buffer).setUint16(0, AF_UNIX, LITTLE_ENDIAN);
  address.set(Buffer.from(path), 2);
  return address;
}

/** A failure of the helper itself, not of what it was asked for. */
class NoAnswer extends Error {}

export class NamespaceHelper {
  readonly #sockets: () => Sockets;
  readonly #faults: Faults;
  readonly #now: () => number;
  readonly #path: string;
  readonly #answer = new Uint8Array(ANSWER_BYTES);
  #fd: number | undefined;
  #answered = false;
  #patience = PATIENCE;
  #wait = LEAST_WAIT;
  #quietUntil = Number.NEGATIVE_INFINITY;

  /** `now` is a clock in milliseconds. */
  constructor(sockets: () => Sockets, faults: Faults, now: () => number, path = SOCKET) {
    this.#sockets = sockets;
    this.#faults = faults;
    this.#now = now;
    this.#path = path;
  }

  /** Tells whether the helper answers this process. */
  answers(): boolean {
    this.#patience = PATIENCE_AT_START;
    const answers = this.identify(`/proc/${process.pid}/ns/net`) !== undefined;
    this.#patience = PATIENCE;
    return answers;
  }

  /** Returns the target of a link /proc/PID/ns/net; undefined for another path, and if the helper does not say. */
  identify(path: string): string | undefined {
    const [, pid] = PROCESS.exec(path) ?? [];
    if (pid === undefined) return undefined;
    try {
      this.#ask([Number(pid), 0, 0, 0], -1, path);
      return Buffer.from(this.#answer.subarray(4)).toString("latin1").replace(/\0+$/, "");
    } catch {
      return undefined;
    }
  }

  /** Opens a socket in the namespace at `path`. Throws ShimError; `refusal` if the helper does not answer. */
  socket(domain: number, type: number, protocol: number, path: string, refusal: unknown): number {
    const [, pid] = PROCESS.exec(path) ?? [];
    const namespace = pid === undefined ? openSync(path, files.O_RDONLY | files.O_NONBLOCK) : -1;
    try {
      const fd = this.#ask([Number(pid ?? 0), domain, type, protocol], namespace, path);
      if (fd === undefined) throw new NoAnswer("no descriptor");
      return fd;
    } catch (error) {
      throw error instanceof NoAnswer ? refusal : error;
    } finally {
      if (namespace >= 0) closeSync(namespace);
    }
  }

  #ask(words: readonly number[], passed: number, path: string): number | undefined {
    if (this.#now() < this.#quietUntil) throw new NoAnswer("not asked");
    const request = new Uint8Array(Int32Array.from(words).buffer);
    const fd = this.#tryTwice(request, passed, path);
    this.#answered = true;
    this.#wait = LEAST_WAIT;
    const error = new DataView(this.#answer.buffer).getInt32(0, LITTLE_ENDIAN);
    if (error !== 0) throw makeShimError(-error, "socket", path);
    return fd;
  }

  /** Connects again once, because the helper may have been started again. */
  #tryTwice(request: Uint8Array, passed: number, path: string): number | undefined {
    const isReused = this.#fd !== undefined;
    try {
      return this.#exchange(request, passed);
    } catch (error) {
      this.#disconnect();
      if (isReused && codeOf(error) !== "ETIMEDOUT") return this.#tryTwice(request, passed, path);
      this.#quietUntil = this.#now() + this.#wait;
      this.#wait = Math.min(2 * this.#wait, MOST_WAIT);
      // Without its socket, or as another user than the agent's, there is no helper that could be missed.
      if (this.#answered || !["ENOENT", "EACCES"].includes(codeOf(error) ?? "")) this.#faults.note(NO_HELPER, path);
      throw new NoAnswer("no answer", { cause: error });
    }
  }

  #exchange(request: Uint8Array, passed: number): number | undefined {
    this.#fd ??= this.#connect();
    return this.#sockets().exchange(this.#fd, request, this.#answer, this.#patience, passed < 0 ? undefined : passed);
  }

  #connect(): number {
    const sockets = this.#sockets();
    const fd = sockets.socket(AF_UNIX, SOCK_SEQPACKET, 0);
    try {
      sockets.connect(fd, unixAddress(this.#path));
      return fd;
    } catch (error) {
      sockets.close(fd);
      throw error;
    }
  }

  #disconnect(): void {
    if (this.#fd !== undefined) this.#sockets().close(this.#fd);
    this.#fd = undefined;
  }
}
