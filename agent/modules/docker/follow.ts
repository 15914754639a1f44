// Stays connected to the engine and reconnects after every interruption. Subscribes to events first and then requests
// the list, so that there is no gap between the two.

import type { Clock, Timer } from "../../host/host.ts";
import { makeBackOff } from "../../host/make-back-off.ts";
import type { Logger } from "../../log/logger.ts";
import type { ContainerFacts, LifecycleEvent, ListedContainer } from "./answers.ts";
import type { Engine, EventStream } from "./engine.ts";

export interface EngineListener {
  onEvent(event: LifecycleEvent): void;
  /** Receives the running containers, at the start and every two minutes. `asked` is the uptime of the request. */
  onList(containers: readonly ListedContainer[], asked: number): void;
  /** Receives exited containers whose events may be lost. An engine loses its past events when it is killed. */
  onEnded(containers: readonly ContainerFacts[]): void;
}

export interface FollowCounters {
  connections: number;
  events: number;
  lists: number;
}

/**
 * Back-off between connection attempts. A failed attempt costs only 0.1 ms. So the longest wait can be as short as one
 * second, and an engine that returns after hours is noticed within a second.
 */
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1000;
/** Period of the list requests. Their main purpose is to detect a dead connection, because events alone suffice. */
const LIST_MS = 120_000;
/** Seconds. Requests events from just before the last one, because several events may have the same time. */
const OVERLAP = 2e-6;
/**
 * Seconds. The search for exited containers begins this long before the last event. A container starts slightly before
 * its start event, and other events may have been delivered in between.
 */
const UNTOLD = 1;

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

export class Following {
  readonly counters: FollowCounters = { connections: 0, events: 0, lists: 0 };
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #listener: EngineListener;
  readonly #log: Logger;
  readonly #backOff = makeBackOff(FIRST_WAIT_MS, LONGEST_WAIT_MS);
  /** Events are requested from this time on, in seconds of the UNIX epoch. Older containers are found by the list. */
  #since: number;
  /** Time of the last event before the connection was lost. Undefined once containers exited since then are known. */
  #lost: number | undefined;
  #stream: EventStream | undefined;
  #timer: Timer | undefined;
  #stopped = false;
  #said = "";
  #obstacle: string | undefined;
  #remedy: string | undefined;

  constructor(engine: Engine, clock: Clock, listener: EngineListener, log: Logger) {
    this.#engine = engine;
    this.#clock = clock;
    this.#listener = listener;
    this.#log = log;
    this.#since = this.#wall();
    void this.#attempt();
  }

  /** Reason why there is no connection to the engine now; undefined while there is one. */
  get obstacle(): string | undefined {
    return this.#obstacle;
  }

  /** What an operator does about the obstacle; undefined where nothing but waiting helps. */
  get remedy(): string | undefined {
    return this.#remedy;
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#stream?.close();
  }

  #wall(): number {
    return Number(this.#clock.wallNanoseconds() / 1000n) / 1e6;
  }

  #deliver(event: LifecycleEvent): void {
    this.counters.events++;
    if (event.time !== undefined && event.time > this.#since) this.#since = event.time;
    this.#listener.onEvent(event);
  }

  /** Logs each change of state once, however long it lasts. */
  #say(level: "info" | "warn", message: string, remedy?: string): void {
    if (message !== this.#said) this.#log[level](message);
    this.#said = message;
    this.#obstacle = level === "warn" ? message : undefined;
    this.#remedy = remedy;
  }

  async #list(): Promise<void> {
    if (this.#stopped) return;
    const asked = this.#clock.uptime();
    const containers = await this.#engine.list();
    if (this.#stopped) return;
    this.counters.lists++;
    this.#listener.onList(containers, asked);
  }

  async #askForLost(): Promise<void> {
    if (this.#lost === undefined || this.#stopped) return;
    const ended = await this.#engine.ended(this.#lost - UNTOLD);
    this.#lost = undefined;
    if (!this.#stopped) this.#listener.onEnded(ended);
  }

  /** Resolves when the connection ends. Rejects if no connection is made, or if a request to the engine fails. */
  async #connect(): Promise<void> {
    const stream = await this.#engine.events(this.#since - OVERLAP, (event) => this.#deliver(event));
    this.#stream = stream;
    // If the engine closes the connection in the middle of an answer, ends the wait before the timeout.
    const gone = stream.ended.then(() => Promise.reject(new Error("the engine closed the connection")));
    await Promise.race([this.#list().then(() => this.#askForLost()), gone]);
    if (this.#stopped) return;
    const began = this.#clock.uptime();
    this.counters.connections++;
    this.#say("info", `following ${this.#engine.address}`);
    await Promise.race([stream.ended, this.#keepListing()]);
    this.#lost ??= this.#since;
    if (this.#clock.uptime() - began > LONGEST_WAIT_MS) this.#backOff.reset();
    const reason = `${this.#engine.address}: the engine closed the connection, connecting again`;
    if (!this.#stopped) this.#say("warn", reason);
  }

  #keepListing(): Promise<never> {
    return new Promise((_, reject) => {
      this.#timer?.cancel();
      this.#timer = this.#clock.every(LIST_MS, () => void this.#list().catch(reject));
    });
  }

  async #attempt(): Promise<void> {
    if (this.#stopped) return;
    try {
      await this.#connect();
    } catch (error) {
      const { reason, remedy } = failureOf(error);
      if (!this.#stopped) this.#say("warn", `${this.#engine.address}: ${reason}, trying again every second`, remedy);
    }
    this.#timer?.cancel();
    this.#stream?.close();
    this.#stream = undefined;
    if (this.#stopped) return;
    // If the clock was set back, new events have earlier times than the last one.
    this.#since = Math.min(this.#since, this.#wall());
    if (this.#lost !== undefined) this.#lost = Math.min(this.#lost, this.#since);
    this.#timer = this.#clock.after(this.#backOff.next(), () => void this.#attempt());
  }
}
