// Stays connected to the engine: events first, then the list, so that nothing falls between; again after any
// interruption, for ever.

import type { Clock, Timer } from "../../host/host.ts";
import type { Logger } from "../../log/logger.ts";
import type { ContainerFacts, LifecycleEvent, ListedContainer } from "./answers.ts";
import type { Engine, EventStream } from "./engine.ts";

export interface EngineListener {
  onEvent(event: LifecycleEvent): void;
  /** What ran at some moment after the subscription began. `asked` is the uptime when the question was put. */
  onList(containers: readonly ListedContainer[], asked: number): void;
  /** What has ended and may have begun while nobody was told: an engine that is killed forgets what it had to say. */
  onEnded(containers: readonly ContainerFacts[]): void;
}

export interface FollowCounters {
  connections: number;
  events: number;
  lists: number;
}

export interface Following {
  readonly counters: Readonly<FollowCounters>;
  /** Why the engine is not followed at this moment. */
  readonly obstacle: string | undefined;
  stop(): void;
}

/**
 * A failed attempt costs a tenth of a millisecond, so an engine that is absent for hours is noticed within a second.
 */
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1000;
/**
 * Events are complete as far as anybody knows. The list is asked for all the same: it finds a connection that is dead.
 */
const LIST_MS = 120_000;
/** Seconds. An event that bears the time of the last one is asked for again rather than lost. */
const OVERLAP = 2e-6;
/** Seconds. A start is stamped before it is told, and what was stamped later may be told before it. */
const UNTOLD = 1;

const reasonOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "no engine there";
  if (code === "EACCES") return "permission refused";
  if (code === "ECONNREFUSED") return "nothing answers";
  return message.trim().split("\n")[0] || "no answer";
};

export function follow(engine: Engine, clock: Clock, listener: EngineListener, log: Logger): Following {
  const counters: FollowCounters = { connections: 0, events: 0, lists: 0 };
  const wall = (): number => Number(clock.wallNanoseconds() / 1000n) / 1e6;
  /** What happened before the agent began is told by the list. */
  let since = wall();
  /** The last moment that the engine told of before it went, until it has been asked what it did not tell. */
  let lost: number | undefined;
  let stream: EventStream | undefined;
  let timer: Timer | undefined;
  let stopped = false;
  let said = "";
  let obstacle: string | undefined;
  let wait = FIRST_WAIT_MS;

  function deliver(event: LifecycleEvent): void {
    counters.events++;
    if (event.time !== undefined && event.time > since) since = event.time;
    listener.onEvent(event);
  }

  /** Each change of state is said once, however long it lasts. */
  function say(level: "info" | "warn", message: string): void {
    if (message !== said) log[level](message);
    said = message;
    obstacle = level === "warn" ? message : undefined;
  }

  async function list(): Promise<void> {
    if (stopped) return;
    const asked = clock.uptime();
    const containers = await engine.list();
    if (stopped) return;
    counters.lists++;
    listener.onList(containers, asked);
  }

  async function askForLost(): Promise<void> {
    if (lost === undefined || stopped) return;
    const ended = await engine.ended(lost - UNTOLD);
    lost = undefined;
    if (!stopped) listener.onEnded(ended);
  }

  /** Ends when the connection does; throws where there was none, or where the engine stops answering. */
  async function connect(): Promise<void> {
    stream = await engine.events(since - OVERLAP, deliver);
    // An engine that ends in the middle of an answer would be waited for until the deadline.
    const gone = stream.ended.then(() => Promise.reject(new Error("the engine has gone")));
    await Promise.race([list().then(askForLost), gone]);
    if (stopped) return;
    const began = clock.uptime();
    counters.connections++;
    say("info", `following ${engine.address}`);
    await Promise.race([stream.ended, keepListing()]);
    lost ??= since;
    if (clock.uptime() - began > LONGEST_WAIT_MS) wait = FIRST_WAIT_MS;
    if (!stopped) say("warn", `${engine.address}: the engine has gone, connecting again`);
  }

  function keepListing(): Promise<never> {
    return new Promise((_, reject) => {
      timer?.cancel();
      timer = clock.every(LIST_MS, () => void list().catch(reject));
    });
  }

  async function attempt(): Promise<void> {
    if (stopped) return;
    try {
      await connect();
    } catch (error) {
      if (!stopped) say("warn", `${engine.address}: ${reasonOf(error)}, trying again every second`);
    }
    timer?.cancel();
    stream?.close();
    stream = undefined;
    if (stopped) return;
    // The clock may have been set back: what happens from now on is stamped earlier than what happened before.
    since = Math.min(since, wall());
    if (lost !== undefined) lost = Math.min(lost, since);
    timer = clock.after(wait, () => void attempt());
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }

  void attempt();
  return {
    counters,
    get obstacle() {
      return obstacle;
    },
    stop() {
      stopped = true;
      timer?.cancel();
      stream?.close();
    },
  };
}
