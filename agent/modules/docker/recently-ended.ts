// Containers that ended recently. With these, a late or repeated event is told from the start of a new run.

interface End {
  /** When the agent noticed the end, in seconds of the UNIX epoch. Comparable to the times of events. */
  readonly at: number;
  /** Time of the `die` event. The engine sends it some 20 ms after the container ended. */
  died: number | undefined;
}

/** After a reconnect, an engine repeats at most its last 256 events. So 1024 containers are enough to remember. */
const KEPT = 1024;

export class RecentlyEnded {
  readonly #ends = new Map<string, End>();

  remember(id: string, at: number): void {
    this.#ends.delete(id);
    this.#ends.set(id, { at, died: undefined });
    const [oldest] = this.#ends.keys();
    if (this.#ends.size > KEPT && oldest !== undefined) this.#ends.delete(oldest);
  }

  /** True if an event of this time may belong to the run that has ended. An event without a time always may. */
  covers(id: string, time: number | undefined): boolean {
    const end = this.#ends.get(id);
    return end !== undefined && (time === undefined || time <= end.at);
  }

  /** Handles a `die` event. Returns false if the event belongs to a run that was never seen. */
  confirm(id: string, time: number | undefined): boolean {
    const end = this.#ends.get(id);
    if (end === undefined) return false;
    if (end.died !== undefined) return time === undefined || time <= end.died;
    end.died = time ?? end.at;
    return true;
  }
}
