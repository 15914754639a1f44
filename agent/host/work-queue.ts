// Divides long work into slices, so that packets, timers and requests do not wait for it, however much work there is.

import type { Clock as HostClock } from "./host.ts";

type Clock = Pick<HostClock, "uptime" | "after">;

/**
 * Milliseconds of work in a slice, and of the pause after it. The last step of a slice may take longer, and a turn of
 * the event loop also reads packets and collects garbage: together they must not exceed 20 ms.
 */
const SLICE = 5;

/** The slices that all queues of a clock share, so that their work does not add up. Queues take turns. */
class Slices {
  readonly #clock: Clock;
  /** Queues with waiting work, the next one first. */
  readonly #ready: WorkQueue[] = [];
  /** Uptime in milliseconds at which the present slice ends, and at which the last work ended. */
  #end = Number.NEGATIVE_INFINITY;
  #worked = Number.NEGATIVE_INFINITY;
  #paused = false;
  /** True until the end of the present turn of the event loop, if it has had a slice. */
  #used = false;
  /** The queue whose task was resumed last. It goes on to the end of the slice, although other work waits. */
  #resumed: WorkQueue | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Returns false while any work waits, and within the pause. Work that comes later than that begins another slice. A
   * task does so in another turn, because the time since the last work is that of its own step.
   */
  hasTime(task?: WorkQueue): boolean {
    const now = this.#clock.uptime();
    if (task !== undefined && task === this.#resumed && now < this.#end) return true;
    if (this.#paused) return false;
    if (now < this.#end) return true;
    if (now < this.#worked + SLICE || (task !== undefined && this.#used)) return false;
    this.#end = now + SLICE;
    this.#use();
    return true;
  }

  /** To be called after work. */
  worked(): void {
    this.#worked = this.#clock.uptime();
  }

  /** Lets a queue continue after the pause, or in the next turn of the event loop if time is left in the slice. */
  wait(queue: WorkQueue): void {
    if (!this.#ready.includes(queue)) this.#ready.push(queue);
    if (this.#paused) return;
    this.#paused = true;
    this.#clock.after(SLICE, () => {
      this.#end = this.#clock.uptime() + SLICE;
      this.#resume();
    });
  }

  #use(): void {
    if (this.#used) return;
    this.#used = true;
    setImmediate(() => {
      this.#used = false;
    });
  }

  #resume(): void {
    this.#paused = false;
    this.#resumed = undefined;
    this.#use();
    let isTask = false;
    try {
      while (!isTask && this.#ready.length > 0 && this.#clock.uptime() < this.#end) isTask = this.#runNext();
    } finally {
      this.#goOn(isTask);
    }
  }

  #runNext(): boolean {
    const queue = this.#ready.shift() as WorkQueue;
    try {
      const isTask = queue.runNext();
      if (isTask) this.#resumed = queue;
      return isTask;
    } finally {
      this.worked();
      if (queue.isWaiting && !this.#ready.includes(queue)) this.#ready.push(queue);
    }
  }

  /** A task that was resumed works after this call, so the next one waits for the next turn. */
  #goOn(isTask: boolean): void {
    const [first] = this.#ready;
    if (first === undefined || this.#paused) return;
    if (!isTask) this.wait(first);
    else {
      this.#paused = true;
      setImmediate(() => this.#resume());
    }
  }
}

const slicesOf = new WeakMap<Clock, Slices>();

/** Waiting work: a function to call, or a task to resume, which then works by itself. */
interface Waiting {
  readonly run: () => void;
  readonly isTask: boolean;
}

/** Work to do in order: functions, and tasks that ask between two steps whether to go on. */
export class WorkQueue {
  readonly #slices: Slices;
  #waiting: Waiting[] = [];
  /** Index in `#waiting` of the next work. */
  #next = 0;
  #onIdle: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#slices = slicesOf.get(clock) ?? new Slices(clock);
    slicesOf.set(clock, this.#slices);
  }

  /** Calls `piece` at once if there is time, otherwise later. Pieces are called in the order of their addition. */
  add(piece: () => void): void {
    if (!this.#slices.hasTime()) {
      this.#wait(piece, false);
      return;
    }
    try {
      piece();
    } finally {
      this.#slices.worked();
    }
  }

  /** To be called between two steps of a task. Returns undefined if there is time, otherwise a promise of more time. */
  next(): Promise<void> | undefined {
    const hasTime = this.#slices.hasTime(this);
    this.#slices.worked();
    return hasTime ? undefined : new Promise((resolve) => this.#wait(resolve, true));
  }

  /** Takes all steps of a generator. Resolves with its result. */
  async finish<T>(steps: Iterator<unknown, T>): Promise<T> {
    for (;;) {
      const turn = this.next();
      if (turn !== undefined) await turn;
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  }

  /** Resolves when no work waits. */
  idle(): Promise<void> {
    return this.isWaiting ? new Promise((resolve) => this.#onIdle.push(resolve)) : Promise.resolve();
  }

  /** Discards the pieces that were not called. */
  clear(): void {
    this.#waiting = this.#waiting.slice(this.#next).filter(({ isTask }) => isTask);
    this.#next = 0;
  }

  get isWaiting(): boolean {
    return this.#next < this.#waiting.length;
  }

  /** Does the next work, if any waits. Returns true if it is a task, which works after this call. */
  runNext(): boolean {
    const waiting = this.#waiting[this.#next];
    if (waiting !== undefined) this.#next++;
    try {
      waiting?.run();
    } finally {
      if (!this.isWaiting) this.#becomeIdle();
    }
    return waiting?.isTask === true;
  }

  #wait(run: () => void, isTask: boolean): void {
    this.#waiting.push({ run, isTask });
    this.#slices.wait(this);
  }

  #becomeIdle(): void {
    this.clear();
    const listeners = this.#onIdle;
    this.#onIdle = [];
    for (const listener of listeners) listener();
  }
}
