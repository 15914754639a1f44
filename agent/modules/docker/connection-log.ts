// What the log and the status say about the connection to the engine.

import type { Logger } from "../../log/logger.ts";

interface Failure {
  readonly reason: string;
  /** Undefined where only the engine can help, which the agent waits for. */
  readonly remedy?: string;
}

/** By errno of the connection. */
const FAILURES: Readonly<Record<string, Failure>> = {
  ENOENT: {
    reason: "the socket does not exist",
    remedy: "start the engine, or set its socket: docker { socket=PATH }",
  },
  EACCES: {
    reason: "permission denied",
    remedy: "let the group of the socket read and write it, then restart the agent; or run the agent as root with -P",
  },
  ECONNREFUSED: { reason: "connection refused" },
};

function failureOf(error: unknown): Failure {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return FAILURES[code] ?? { reason: message.trim().split("\n")[0] || "no answer" };
}

/** Logs each change of the connection once, however long a state lasts. */
export class ConnectionLog {
  readonly #address: string;
  readonly #log: Logger;
  #said = "";
  #obstacle: string | undefined;
  #remedy: string | undefined;
  #cut = false;

  constructor(address: string, log: Logger) {
    this.#address = address;
    this.#log = log;
  }

  /** Reason why the engine is not followed now; undefined while it is. */
  get obstacle(): string | undefined {
    return this.#obstacle;
  }

  /** What an operator does about the obstacle; undefined where nothing but waiting helps. */
  get remedy(): string | undefined {
    return this.#remedy;
  }

  following(): void {
    this.#say("info", `following ${this.#address}`);
  }

  closed(): void {
    this.#say("warn", `${this.#address}: the engine closed the connection, connecting again`);
  }

  failed(error: unknown): void {
    const { reason, remedy } = failureOf(error);
    this.#say("warn", `${this.#address}: ${reason}, trying again every second`, remedy);
  }

  silent(): void {
    const remedy = "look for a proxy between the agent and the engine that holds back the stream of events";
    this.#say("warn", `${this.#address}: the stream of events had gone silent, subscribed again`, remedy);
  }

  /** `cut` is true if the list has more than `count` containers. */
  listed(count: number, cut: boolean): void {
    if (cut && !this.#cut) this.#log.warn(`${this.#address}: only ${count} containers of the engine's list are read`);
    this.#cut = cut;
  }

  #say(level: "info" | "warn", message: string, remedy?: string): void {
    if (message !== this.#said) this.#log[level](message);
    this.#said = message;
    this.#obstacle = level === "warn" ? message : undefined;
    this.#remedy = remedy;
  }
}
