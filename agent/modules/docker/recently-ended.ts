// Containers that ended not long ago: a late or repeated event must not bring one back, nor hide one that runs again.

interface End {
  /** Seconds of the UNIX epoch, as the engine stamps its events. */
  readonly at: number;
  /** When the engine says that it ended. Its event comes some 20 ms after the end itself. */
  died: number | undefined;
}

/** An engine repeats 256 events at most. */
const KEPT = 1024;

export class RecentlyEnded {
  readonly #ends = new Map<string, End>();

  remember(id: string, at: number): void {
    this.#ends.delete(id);
    this.#ends.set(id, { at, died: undefined });
    const [oldest] = this.#ends.keys();
    if (this.#ends.size > KEPT && oldest !== undefined) this.#ends.delete(oldest);
  }

  /** True where an event of this time, or of now if it has none, may belong to the run that has ended. */
  covers(id: string, time: number | undefined): boolean {
    const end = this.#ends.get(id);
    return end !== undefined && (time === undefined || time <= end.at);
  }

  /** Takes a `die` event. Returns false where it belongs to a run that was never seen. */
  confirm(id: string, time: number | undefined): boolean {
    const end = this.#ends.get(id);
    if (end === undefined) return false;
    if (end.died !== undefined) return time === undefined || time <= end.died;
    end.died = time ?? end.at;
    return true;
  }
}
