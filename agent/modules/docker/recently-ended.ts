// Containers that have ended, so that a late or repeated word of the engine does not bring one back, nor hide one that
// runs again.

interface End {
  /** Seconds of the UNIX epoch, as the engine stamps its events. */
  readonly at: number;
  /** When the engine says it ended, once it has: some 20 ms later. */
  died: number | undefined;
}

export interface Ends {
  remember(id: string, at: number): void;
  /** What the engine said of a time up to `time`, undefined for now, may concern the run that has ended. */
  covers(id: string, time: number | undefined): boolean;
  /** The engine's word of an end. False where it is of a run that was never seen. */
  confirm(id: string, time: number | undefined): boolean;
}

/** An engine repeats 256 events at most. */
const KEPT = 1024;

export function makeEnds(): Ends {
  const ends = new Map<string, End>();
  return {
    remember(id, at) {
      ends.delete(id);
      ends.set(id, { at, died: undefined });
      const [oldest] = ends.keys();
      if (ends.size > KEPT && oldest !== undefined) ends.delete(oldest);
    },
    covers(id, time) {
      const end = ends.get(id);
      return end !== undefined && (time === undefined || time <= end.at);
    },
    confirm(id, time) {
      const end = ends.get(id);
      if (end === undefined) return false;
      if (end.died !== undefined) return time === undefined || time <= end.died;
      end.died = time ?? end.at;
      return true;
    },
  };
}
