// Limits the connections of a server: in number, and in the time for a whole request and for taking the answer. So slow
// clients cannot keep others out.

import type { Socket } from "node:net";

/** The largest number of connections at a time. */
const MOST = 32;

/**
 * The connections of a server. If there are too many, ends the one that is longest in its present state and waits for
 * its client, either for the rest of a request or until the answer is taken. Only a connection whose answer is being
 * made is never ended.
 */
export class Connections {
  readonly #deadline: number;
  /** Those that wait for their client, the longest waiting first. */
  readonly #waiting = new Map<Socket, NodeJS.Timeout>();
  readonly #answering = new Set<Socket>();

  /** `deadline` is in milliseconds, whether or not the client sends or takes single bytes meanwhile. */
  constructor(deadline: number) {
    this.#deadline = deadline;
  }

  /** Adds a new connection, and waits for its request. */
  add(socket: Socket): void {
    if (this.#waiting.size + this.#answering.size >= MOST) {
      const [longest] = this.#waiting.keys();
      (longest ?? socket).destroy();
      if (longest === undefined) return;
      this.#forget(longest);
    }
    socket.once("close", () => this.#forget(socket));
    this.wait(socket);
  }

  /** Waits without a limit, because a whole request has arrived and its answer is being made. */
  answer(socket: Socket): void {
    if (!this.#waiting.has(socket)) return;
    this.#forget(socket);
    this.#answering.add(socket);
  }

  /** Waits for the client: for its next request, or until it has taken an answer and closes. */
  wait(socket: Socket): void {
    if (socket.destroyed) return;
    this.#forget(socket);
    this.#waiting.set(socket, setTimeout(() => socket.destroy(), this.#deadline).unref());
  }

  #forget(socket: Socket): void {
    clearTimeout(this.#waiting.get(socket));
    this.#waiting.delete(socket);
    this.#answering.delete(socket);
  }
}
