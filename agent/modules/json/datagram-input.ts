// Receives messages as datagrams, by UDP on the loopback interface or on a unix socket, in batches.

import { makeReceiveBatch, messageBytes } from "../../../native-shim/batch.ts";
import type { ReceiveBatch, Shim } from "../../../native-shim/shim.ts";
import type { Files } from "../../host/host.ts";
import { isTruncated } from "../../sockets/netlink-socket.ts";
import { enlargeReceiveBuffer, readDrops } from "../../sockets/receive-buffer.ts";
import { inetAddress, unixAddress } from "../../sockets/socket-address.ts";
import { AF_INET, AF_INET6, AF_UNIX, SOCK_DGRAM } from "../../sockets/socket-constants.ts";
import { type Input, LONGEST_MESSAGE, tooLong } from "./input.ts";
import type { Intake } from "./intake.ts";

/** As in hsflowd, in bytes. It holds what arrives in a tenth of a second at 20,000 messages a second. */
const BUFFER_BYTES = 2_000_000;
const MESSAGES_A_READ = 64;
/** Batches to read before other sockets have their turn. The shim calls again for the remaining messages. */
const MOST_BATCHES = 8;
/** Everyone on this host may send, as to a UDP port. */
const MODE = 0o666;

const LOOPBACK = {
  four: Uint8Array.of(127, 0, 0, 1),
  six: Uint8Array.from({ length: 16 }, (_, i) => (i === 15 ? 1 : 0)),
};

interface DatagramParts {
  readonly shim: Shim;
  readonly intake: Intake;
}

/** Opens and binds a socket. Throws the error of the system. */
type Open = () => number;

export class DatagramInput implements Input {
  readonly name: string;
  readonly #parts: DatagramParts;
  readonly #open: Open;
  readonly #batch: ReceiveBatch;
  #fd: number | undefined;
  #lost = 0;

  constructor(name: string, parts: DatagramParts, open: Open) {
    this.name = name;
    this.#parts = parts;
    this.#open = open;
    this.#batch = makeReceiveBatch(parts.shim.layout, MESSAGES_A_READ, LONGEST_MESSAGE);
  }

  /** Messages that the kernel dropped, because they came faster than they were read. */
  get lost(): number {
    return this.#lost + (this.#fd === undefined ? 0 : readDrops(this.#parts.shim, this.#fd));
  }

  get isOpen(): boolean {
    return this.#fd !== undefined;
  }

  open(): void {
    if (this.#fd !== undefined) return;
    const fd = this.#open();
    this.#fd = fd;
    this.#parts.shim.watch(fd, () => this.#drain(fd));
  }

  close(): void {
    if (this.#fd === undefined) return;
    this.#lost = this.lost;
    this.#parts.shim.close(this.#fd);
    this.#fd = undefined;
  }

  #drain(fd: number): void {
    const { shim, intake } = this.#parts;
    const batch = this.#batch;
    for (let turn = 0; turn < MOST_BATCHES; turn++) {
      const count = shim.receive(fd, batch);
      for (let i = 0; i < count; i++) {
        if (isTruncated(shim, batch, i)) intake.refuse(tooLong(), this.name);
        else intake.take(messageBytes(shim.layout, batch, i), this.name);
      }
      if (count < MESSAGES_A_READ) return;
    }
  }
}

function openSocket(shim: Shim, domain: number, bind: (fd: number) => void): number {
  const fd = shim.socket(domain, SOCK_DGRAM, 0);
  try {
    enlargeReceiveBuffer(shim, fd, BUFFER_BYTES);
    bind(fd);
    return fd;
  } catch (error) {
    shim.close(fd);
    throw error;
  }
}

/** The inputs of a UDP port: 127.0.0.1 and ::1. No other host can send to them. */
export const udpInputs = (port: number, parts: DatagramParts): DatagramInput[] =>
  [
    { name: `UDP 127.0.0.1:${port}`, domain: AF_INET, address: LOOPBACK.four },
    { name: `UDP [::1]:${port}`, domain: AF_INET6, address: LOOPBACK.six },
  ].map(
    ({ name, domain, address }) =>
      new DatagramInput(name, parts, () =>
        openSocket(parts.shim, domain, (fd) => parts.shim.bind(fd, inetAddress(address, port))),
      ),
  );

/** Tells whether a process receives on the socket at `path`. */
function isAlive(shim: Shim, path: string): boolean {
  const fd = shim.socket(AF_UNIX, SOCK_DGRAM, 0);
  try {
    shim.connect(fd, unixAddress(path));
    return true;
  } catch {
    return false;
  } finally {
    shim.close(fd);
  }
}

/** Binds to a path. Replaces a socket that an ended agent left, but not one in use, nor another file. */
function bindPath(shim: Shim, files: Files, fd: number, path: string): void {
  if (files.kindOf(path) === "socket" && !isAlive(shim, path)) files.remove(path);
  shim.bind(fd, unixAddress(path));
  files.setMode(path, MODE);
}

/** The input of a unix socket. */
export class UnixInput extends DatagramInput {
  readonly #files: Files;
  readonly #path: string;
  #identity: string | undefined;

  constructor(path: string, files: Files, parts: DatagramParts) {
    super(`socket ${path}`, parts, () =>
      openSocket(parts.shim, AF_UNIX, (fd) => bindPath(parts.shim, files, fd, path)),
    );
    this.#files = files;
    this.#path = path;
  }

  /** Makes the socket again if its file was removed, because no sender finds it without. */
  override open(): void {
    if (this.isOpen && this.#files.identity(this.#path) !== this.#identity) super.close();
    super.open();
    this.#identity = this.#files.identity(this.#path);
  }

  override close(): void {
    if (!this.isOpen) return;
    super.close();
    if (this.#files.identity(this.#path) === this.#identity) this.#files.remove(this.#path);
  }
}
