// Stays connected to the engine and reconnects after every interruption. Subscribes to events first and then requests
// the list, so that there is no gap between the two. Notices a stream of events that has gone silent.

import type { Clock, Timer } from "../../host/host.ts";
import { makeBackOff } from "../../host/make-back-off.ts";
import type { Logger } from "../../log/logger.ts";
import type { ContainerFacts, LifecycleEvent } from "./answers.ts";
import { ConnectionLog } from "./connection-log.ts";
import type { ContainerListing, Engine, EventStream } from "./engine.ts";

export interface EngineListener {
  onEvent(event: LifecycleEvent): void;
  /** Receives the running containers, at the start and every two minutes. `asked` is the uptime of the request. */
  onList(listing: ContainerListing, asked: number): Promise<void>;
  /** Receives exited containers whose events may be lost. An engine loses its past events when it is killed. */
  onEnded(containers: readonly ContainerFacts[]): Promise<void>;
}

export interface FollowCounters {
  connections: number;
  events: number;
  lists: number;
  /** Streams of events that had stopped to deliver, and were replaced. */
  silent: number;
}

/**
 * Back-off between connection attempts. A failed attempt costs only 0.1 ms. So the longest wait can be as short as one
 * second, and an engine that returns after hours is noticed within a second.
 */
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1000;
/** Period of the list requests. Their main purpose is to detect a dead connection, because events alone suffice. */
const LIST_MS = 120_000;
/**
 * Period of new subscriptions. A stream that has gone silent looks like one without events. A new stream begins with
 * the events that the old one did not deliver.
 */
const RENEW_MS = 30_000;
/** Seconds. An event that is not delivered by then is not just on its way. */
const OVERDUE = 2;
/** Seconds. Requests events from just before the last one, because several events may have the same time. */
const OVERLAP = 2e-6;
/**
 * Seconds. The search for exited containers begins this long before the last event. A container starts slightly before
 * its start event, and other events may have been delivered in between.
 */
const UNTOLD = 1;

export class Following {
  readonly counters: FollowCounters = { connections: 0, events: 0, lists: 0, silent: 0 };
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #listener: EngineListener;
  readonly #log: ConnectionLog;
  readonly #backOff = makeBackOff(FIRST_WAIT_MS, LONGEST_WAIT_MS);
  /** Events are requested from this time on, in seconds of the UNIX epoch. Older containers are found by the list. */
  #since: number;
  /** Time of the last event before the connection was lost. Undefined once containers exited since then are known. */
  #lost: number | undefined;
  #stream: EventStream | undefined;
  #onStreamEnd = (_: unknown): void => undefined;
  /** Time of the first subscription of this connection. */
  #subscribed = 0;
  /** True if events of the last period were not delivered by the stream of that period. */
  #silent = false;
  #timers: readonly Timer[] = [];
  #stopped = false;

  constructor(engine: Engine, clock: Clock, listener: EngineListener, log: Logger) {
    this.#engine = engine;
    this.#clock = clock;
    this.#listener = listener;
    this.#log = new ConnectionLog(engine.address, log);
    this.#since = this.#wall();
    void this.#attempt();
  }

  /** Reason why the engine is not followed now, and what an operator does about it. */
  get state(): Pick<ConnectionLog, "obstacle" | "remedy"> {
    return this.#log;
  }

  stop(): void {
    this.#stopped = true;
    this.#disconnect();
    this.#engine.close();
  }

  /**
   * Receives the start, in seconds of the UNIX epoch, of a container that a list has and no event has named. If the
   * event is overdue, the stream of events is silent.
   */
  onUnannounced(startedAt: number): void {
    if (this.#stopped || this.#silent || startedAt <= this.#subscribed || !this.#isOverdue(startedAt)) return;
    this.#onSilence(this.#since);
    this.#subscribe().catch(this.#onStreamEnd);
  }

  #wall(): number {
    return Number(this.#clock.wallNanoseconds() / 1000n) / 1e6;
  }

  #deliver(event: LifecycleEvent): void {
    this.counters.events++;
    if (event.time !== undefined && event.time > this.#since) this.#since = event.time;
    this.#listener.onEvent(event);
  }

  #isOverdue(time: number): boolean {
    return time < this.#wall() - OVERDUE;
  }

  /** If the clock was set back, new events have earlier times than the last one. */
  #limitSince(): void {
    this.#since = Math.min(this.#since, this.#wall());
    if (this.#lost !== undefined) this.#lost = Math.min(this.#lost, this.#since);
  }

  /** Subscribes from the last event on. The stream replaces the one before. */
  async #subscribe(onEvent = (event: LifecycleEvent): void => this.#deliver(event)): Promise<void> {
    const stream = await this.#engine.events(this.#since - OVERLAP, onEvent);
    if (this.#stopped) return stream.close();
    const before = this.#stream;
    this.#stream = stream;
    before?.close();
    const onEnd = (error?: unknown): void => {
      if (this.#stream === stream) this.#onStreamEnd(error);
    };
    stream.ended.then(onEnd, onEnd);
  }

  /** Replaces the stream. If the new one begins with overdue events, the old one was silent. */
  async #renew(): Promise<void> {
    if (this.#stopped) return;
    const wasSilent = this.#silent;
    if (!wasSilent) this.#log.following();
    this.#silent = false;
    this.#limitSince();
    const since = this.#since;
    const asked = this.#wall();
    await this.#subscribe((event) => {
      const { time = 0 } = event;
      if (!this.#silent && time > since && time < asked - OVERDUE) this.#onSilence(since);
      this.#deliver(event);
    });
    // The stream may still be silent, if something between the engine and the agent holds it back.
    if (wasSilent) await this.#list();
  }

  /** Containers may have started and ended unnoticed since the last event, so this also looks for exited ones. */
  #onSilence(since: number): void {
    this.#silent = true;
    this.counters.silent++;
    this.#lost ??= since;
    this.#log.silent();
    this.#list()
      .then(() => this.#askForLost())
      .catch(this.#onStreamEnd);
  }

  async #list(): Promise<void> {
    if (this.#stopped) return;
    const asked = this.#clock.uptime();
    const listing = await this.#engine.list();
    if (this.#stopped) return;
    this.counters.lists++;
    this.#log.listed(listing.containers.length, listing.cut);
    await this.#listener.onList(listing, asked);
  }

  async #askForLost(): Promise<void> {
    if (this.#lost === undefined || this.#stopped) return;
    const ended = await this.#engine.ended(this.#lost - UNTOLD);
    this.#lost = undefined;
    if (!this.#stopped) await this.#listener.onEnded(ended);
  }

  /** Resolves when the connection ends. Rejects if no connection is made, or if a request to the engine fails. */
  async #connect(): Promise<void> {
    const ended = new Promise<void>((resolve, reject) => {
      this.#onStreamEnd = (error) => (error === undefined ? resolve() : reject(error));
    });
    // If the engine closes the connection in the middle of an answer, ends the wait before the timeout.
    const gone = ended.then(() => Promise.reject(new Error("the engine closed the connection")));
    this.#subscribed = this.#wall();
    await Promise.race([this.#subscribe(), gone]);
    await Promise.race([this.#list().then(() => this.#askForLost()), gone]);
    if (this.#stopped) return;
    const began = this.#clock.uptime();
    this.counters.connections++;
    this.#silent = false;
    this.#log.following();
    await Promise.race([ended, this.#keepUp()]);
    this.#lost ??= this.#since;
    if (this.#clock.uptime() - began > LONGEST_WAIT_MS) this.#backOff.reset();
    if (!this.#stopped) this.#log.closed();
  }

  /** Lists and subscribes again in their periods. Rejects if the engine does not answer. */
  #keepUp(): Promise<never> {
    return new Promise((_, reject) => {
      this.#timers = [
        this.#clock.every(LIST_MS, () => void this.#list().catch(reject)),
        this.#clock.every(RENEW_MS, () => void this.#renew().catch(reject)),
      ];
    });
  }

  #disconnect(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers = [];
    this.#stream?.close();
    this.#stream = undefined;
  }

  async #attempt(): Promise<void> {
    if (this.#stopped) return;
    try {
      await this.#connect();
    } catch (error) {
      if (!this.#stopped) this.#log.failed(error);
    }
    this.#disconnect();
    if (this.#stopped) return;
    this.#limitSince();
    this.#timers = [this.#clock.after(this.#backOff.next(), () => void this.#attempt())];
  }
}
