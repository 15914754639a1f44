// Tells whether counters of a data source went backwards since its last sample. See sFlow v5, section 5 "counter32" and
// "counter64".

import type { CounterRecord } from "./record.ts";

type RecordType = CounterRecord["type"];

/** The counters of one record at the last sample: their names, and their values in the same order. */
interface Remembered {
  readonly names: readonly string[];
  /** Whether the counter is a counter32, which wraps. */
  readonly wraps: readonly boolean[];
  readonly last: (number | undefined)[];
}

/**
 * Remembers the counters of one data source. A collector would take a step back for one of almost 2^32 or 2^64 forward,
 * so the sequence of samples must then start again. Gauges may fall: only fields of type counter32 and counter64 count.
 */
export class CounterHistory {
  /** By type of record. A sample may have several records of one type, each with counters of its own. */
  readonly #remembered = new Map<RecordType, Remembered[]>();

  /** Remembers the counters of a sample. Returns true if one is lower than before. `records` is in order of format. */
  update(records: readonly CounterRecord[]): boolean {
    let fell = false;
    let before: RecordType | undefined;
    let place = 0;
    for (const record of records) {
      place = record.type === before ? place + 1 : 0;
      before = record.type;
      if (hasFallen(this.#of(before, place), record)) fell = true;
    }
    return fell;
  }

  #of(type: RecordType, place: number): Remembered {
    let all = this.#remembered.get(type);
    if (all === undefined) {
      all = [];
      this.#remembered.set(type, all);
    }
    const known = all[place];
    if (known !== undefined) return known;
    const fresh = countersIn(type);
    all[place] = fresh;
    return fresh;
  }
}

function countersIn({ fields }: RecordType): Remembered {
  const types = Object.entries(fields as Record<string, { readonly name: string }>);
  const counters = types.filter(([, { name }]) => name === "counter32" || name === "counter64");
  return {
    names: counters.map(([field]) => field),
    wraps: counters.map(([, { name }]) => name === "counter32"),
    last: [],
  };
}

/** Indexed loops, because this runs for every counter of every sample. */
function hasFallen({ names, wraps, last }: Remembered, { value }: CounterRecord): boolean {
  const values = value as Record<string, unknown>;
  let fell = false;
  for (let i = 0; i < names.length; i++) {
    const now = values[names[i] as string];
    if (typeof now !== "number") continue;
    const before = last[i];
    if (before !== undefined && now < before && !(wraps[i] === true && hasWrapped(before, now))) fell = true;
    last[i] = now;
  }
  return fell;
}

/** Tells whether a 32-bit counter of the kernel wrapped. That is not a decrease: collectors compute modulo 2^32. */
const hasWrapped = (last: number, value: number): boolean => {
  const step = (value - last) % 0x1_0000_0000;
  return (step < 0 ? step + 0x1_0000_0000 : step) < 0x8000_0000;
};
