// Stays connected to the engine: subscribes to events first, then asks for the list, so that nothing falls between.
// Connects again after every interruption.

import type { Clock, Timer } from "../../host/host.ts";
import { makeBackOff } from "../../host/make-back-off.ts";
import type { Logger } from "../../log/logger.ts";
import type { ContainerFacts, LifecycleEvent, ListedContainer } from "./answers.ts";
import type { Engine, EventStream } from "./engine.ts";

export interface EngineListener {
  onEvent(event: LifecycleEvent): void;
  /** Containers that ran at some moment after the subscription began. `asked` is the uptime of the request. */
  onList(containers: readonly ListedContainer[], asked: number): void;
  /** Containers that have ended and whose events may be lost: an engine that is killed forgets them. */
  onEnded(containers: readonly ContainerFacts[]): void;
}

export interface FollowCounters {
  connections: number;
  events: number;
  lists: number;
}

/**
 * A failed attempt costs a tenth of a millisecond, so an engine that was absent for hours is noticed within a second.
 */
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1000;
/** Events are complete as far as anyone knows. The list is asked for all the same: it notices a dead connection. */
const LIST_MS = 120_000;
/** Seconds. Asks again for events that have the time of the last one, rather than lose one. */
const OVERLAP = 2e-6;
/** Seconds. A start has an earlier time than its event, and later events may come before it. */
const UNTOLD = 1;

const reasonOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "no engine there";
  if (code === "EACCES") return "permission refused";
  if (code === "ECONNREFUSED") return "nothing answers";
  return message.trim().split("\n")[0] || "no answer";
};

export class Following {
  readonly counters: FollowCounters = { connections: 0, events: 0, lists: 0 };
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #listener: EngineListener;
  readonly #log: Logger;
  readonly #backOff = makeBackOff(FIRST_WAIT_MS, LONGEST_WAIT_MS);
  /** Seconds of the UNIX epoch. The list reports what began before the agent. */
  #since: number;
  /** Time of the last event before the engine went, until the engine has been asked which containers ended since. */
  #lost: number | undefined;
  #stream: EventStream | undefined;
  #timer: Timer | undefined;
  #stopped = false;
  #said = "";
  #obstacle: string | undefined;

  constructor(engine: Engine, clock: Clock, listener: EngineListener, log: Logger) {
    this.#engine = engine;
    this.#clock = clock;
    this.#listener = listener;
    this.#log = log;
    this.#since = this.#wall();
    void this.#attempt();
  }

  /** Why the engine is not followed at this moment. */
  get obstacle(): string | undefined {
    return this.#obstacle;
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
  #say(level: "info" | "warn", message: string): void {
    if (message !== this.#said) this.#log[level](message);
    this.#said = message;
    this.#obstacle = level === "warn" ? message : undefined;
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

  /** Resolves when the connection ends. Rejects where there was none, or where the engine stops answering. */
  async #connect(): Promise<void> {
    const stream = await this.#engine.events(this.#since - OVERLAP, (event) => this.#deliver(event));
    this.#stream = stream;
    // Without this, an engine that ends in the middle of an answer is waited for until the deadline.
    const gone = stream.ended.then(() => Promise.reject(new Error("the engine has gone")));
    await Promise.race([this.#list().then(() => this.#askForLost()), gone]);
    if (this.#stopped) return;
    const began = this.#clock.uptime();
    this.counters.connections++;
    this.#say("info", `following ${this.#engine.address}`);
    await Promise.race([stream.ended, this.#keepListing()]);
    this.#lost ??= this.#since;
    if (this.#clock.uptime() - began > LONGEST_WAIT_MS) this.#backOff.reset();
    if (!this.#stopped) this.#say("warn", `${this.#engine.address}: the engine has gone, connecting again`);
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
      const reason = `${this.#engine.address}: ${reasonOf(error)}, trying again every second`;
      if (!this.#stopped) this.#say("warn", reason);
    }
    this.#timer?.cancel();
    this.#stream?.close();
    this.#stream = undefined;
    if (this.#stopped) return;
    // The clock may have been set back: events from now on have earlier times than those before.
    this.#since = Math.min(this.#since, this.#wall());
    if (this.#lost !== undefined) this.#lost = Math.min(this.#lost, this.#since);
    this.#timer = this.#clock.after(this.#backOff.next(), () => void this.#attempt());
  }
}
