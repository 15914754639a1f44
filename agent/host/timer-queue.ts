// Timers in the order of their times, all on one alarm.

import type { Alarm } from "../../native-shim/shim.ts";
import type { Timer } from "./host.ts";

interface Entry {
  /** Milliseconds of the clock. */
  readonly due: number;
  /** Undefined once it is cancelled. */
  callback: (() => void) | undefined;
}

/** The alarm counts whole milliseconds, so it may be early by a fraction. */
const EARLY = 1;
const LONGEST = 0x7fff_ffff;

export class TimerQueue {
  readonly #now: () => number;
  readonly #alarm: Alarm;
  /** A binary heap: entry i is due no later than entries 2i + 1 and 2i + 2. Cancelled entries stay until then. */
  readonly #heap: Entry[] = [];
  #isCalling = false;

  /** `now` returns milliseconds. */
  constructor(now: () => number, makeAlarm: (onTime: () => void) => Alarm) {
    this.#now = now;
    this.#alarm = makeAlarm(() => this.#onTime());
  }

  /** Calls `callback` after so many milliseconds, at least 1. */
  after(milliseconds: number, callback: () => void): Timer {
    const entry: Entry = { due: this.#now() + Math.max(1, milliseconds), callback };
    this.#add(entry);
    if (this.#heap[0] === entry) this.#setAlarm();
    const cancel = (): void => {
      entry.callback = undefined;
      if (this.#heap[0] === entry) this.#setAlarm();
    };
    return { cancel };
  }

  /** Calls the timers that are due, but none that these add: they could go on forever. */
  #onTime(): void {
    const until = this.#now() + EARLY;
    const due: Entry[] = [];
    for (let first = this.#heap[0]; first !== undefined && first.due < until; first = this.#heap[0])
      due.push(this.#takeFirst(first));
    this.#isCalling = true;
    try {
      for (const { callback } of due) callback?.();
    } finally {
      this.#isCalling = false;
      this.#setAlarm();
    }
  }

  /** Sets the alarm for the first timer that was not cancelled. Timers that are called now may add earlier ones. */
  #setAlarm(): void {
    if (this.#isCalling) return;
    let first = this.#heap[0];
    for (; first !== undefined && first.callback === undefined; first = this.#heap[0]) this.#takeFirst(first);
    if (first === undefined) this.#alarm.clear();
    else this.#alarm.set(Math.min(LONGEST, Math.max(1, Math.ceil(first.due - this.#now()))));
  }

  #add(entry: Entry): void {
    let i = this.#heap.length;
    for (; i > 0; i = (i - 1) >> 1) {
      const parent = this.#heap[(i - 1) >> 1] as Entry;
      if (parent.due <= entry.due) break;
      this.#heap[i] = parent;
    }
    this.#heap[i] = entry;
  }

  #takeFirst(first: Entry): Entry {
    const heap = this.#heap;
    const last = heap.pop() as Entry;
    if (last === first) return first;
    let i = 0;
    for (let child = 1; child < heap.length; child = 2 * i + 1) {
      if (child + 1 < heap.length && (heap[child + 1] as Entry).due < (heap[child] as Entry).due) child++;
      if ((heap[child] as Entry).due >= last.due) break;
      heap[i] = heap[child] as Entry;
      i = child;
    }
    heap[i] = last;
    return first;
  }
}
