// Receives messages from a named pipe. The pipe is opened again when its last writer has closed it, and when another
// pipe has its path. See fifo(7).

import type { Shim } from "../../../native-shim/shim.ts";
import type { Files, NamedPipe } from "../../host/host.ts";
import { Fault } from "./fault.ts";
import { type Input, LONGEST_MESSAGE, tooLong } from "./input.ts";
import type { Intake } from "./intake.ts";
import { PipeMessages } from "./pipe-messages.ts";

/** A pipe holds as many bytes, unless its size was changed. */
const BUFFER_BYTES = 65_536;
/** Reads before other sockets have their turn. The shim calls again for the remaining bytes. */
const MOST_READS = 4;

interface PipeParts {
  readonly shim: Shim;
  readonly files: Pick<Files, "openPipe" | "identity">;
  readonly intake: Intake;
}

export class PipeInput implements Input {
  readonly name: string;
  /** Writers wait while a pipe is full, so nothing is lost. */
  readonly lost = 0;
  readonly #path: string;
  readonly #parts: PipeParts;
  readonly #messages: PipeMessages;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #pipe: NamedPipe | undefined;
  #identity: string | undefined;

  constructor(path: string, parts: PipeParts) {
    this.name = `pipe ${path}`;
    this.#path = path;
    this.#parts = parts;
    const { intake } = parts;
    this.#messages = new PipeMessages(LONGEST_MESSAGE, {
      onMessage: (bytes) => intake.take(bytes, this.name),
      onNoise: (bytes) => intake.take(bytes, this.name),
      onTooLong: () => intake.refuse(tooLong(), this.name),
      onCut: () => intake.refuse(new Fault("Cut", "it ends before its last brace"), this.name),
    });
  }

  open(): void {
    const { shim, files } = this.#parts;
    if (this.#pipe !== undefined && files.identity(this.#path) === this.#identity) return;
    // The next pipe is opened before this one is closed, so that a writer never finds the pipe without a reader.
    const next = files.openPipe(this.#path);
    this.close();
    this.#pipe = next;
    this.#identity = files.identity(this.#path);
    shim.watch(next.fd, () => this.#drain(next));
  }

  close(): void {
    if (this.#pipe === undefined) return;
    this.#parts.shim.close(this.#pipe.fd);
    this.#pipe = undefined;
    this.#messages.end();
  }

  #drain(pipe: NamedPipe): void {
    for (let turn = 0; turn < MOST_READS; turn++) {
      const length = pipe.read(this.#buffer);
      if (length === undefined) return;
      if (length === 0) {
        this.#reopen();
        return;
      }
      this.#messages.take(this.#buffer.subarray(0, length));
    }
  }

  /** Without a writer, the open pipe would be readable for ever. A new descriptor is not, until a writer comes. */
  #reopen(): void {
    this.#identity = undefined;
    try {
      this.open();
    } catch {
      this.close();
    }
  }
}
