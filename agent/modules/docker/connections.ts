// The open connections to the engine. Each can be closed at any time, and a request that takes too long is closed.

import type { Clock, Timer } from "../../host/host.ts";

/** Timeout of each request, including the whole answer. A list of 40,000 containers takes about five seconds. */
const DEADLINE_MS = 10_000;

export class Connection {
  readonly #abort = new AbortController();
  readonly #clock: Pick<Clock, "after">;
  readonly #onClose: (connection: Connection) => void;
  #deadline: Timer | undefined;

  constructor(clock: Pick<Clock, "after">, onClose: (connection: Connection) => void) {
    this.#clock = clock;
    this.#onClose = onClose;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Returns the result of `work`. Rejects at the deadline, or when the connection is closed. */
  async inTime<T>(work: Promise<T>): Promise<T> {
    const { signal } = this.#abort;
    this.#deadline = this.#clock.after(DEADLINE_MS, () => this.close("the engine does not answer"));
    const closed = new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    try {
      return await Promise.race([closed, work]);
    } finally {
      this.#deadline.cancel();
    }
  }

  close(reason = "the connection is closed"): void {
    this.#deadline?.cancel();
    this.#abort.abort(new Error(reason));
    this.#onClose(this);
  }
}

export class Connections {
  readonly #clock: Pick<Clock, "after">;
  readonly #open = new Set<Connection>();

  constructor(clock: Pick<Clock, "after">) {
    this.#clock = clock;
  }

  open(): Connection {
    const connection = new Connection(this.#clock, () => this.#open.delete(connection));
    this.#open.add(connection);
    return connection;
  }

  /** Closes all connections. Requests in progress reject. */
  close(): void {
    for (const connection of this.#open) connection.close();
  }
}
