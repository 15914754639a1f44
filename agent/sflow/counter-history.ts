// Tells whether counters of a data source went backwards since its last sample. See sFlow v5, section 5 "counter32" and
// "counter64".

import type { CounterRecord } from "./record.ts";

/** The counters of one record at the last sample: their names, and their values in the same order. */
interface Remembered {
  readonly fields: readonly { readonly name: string; readonly wraps: boolean }[];
  readonly last: (number | undefined)[];
}

/** The key of a record is its format, plus this factor times its position: a sample may repeat a format. */
const PLACES = 0x1_0000_0000;

/**
 * Remembers the counters of one data source. A collector would read a decrease as an increase of almost 2^32 or 2^64,
 * so the sequence of samples must then start again. Only fields of type counter32 and counter64 are compared, because
 * gauges may fall.
 */
export class CounterHistory {
  readonly #remembered = new Map<number, Remembered>();

  /** Remembers the counters of a sample. Returns true if one is lower than before. `records` is in order of format. */
  update(records: readonly CounterRecord[]): boolean {
    let fell = false;
    let format = -1;
    let place = 0;
    for (const record of records) {
      place = record.type.format === format ? place + 1 : 0;
      format = record.type.format;
      fell = compare(this.#of(record, format + place * PLACES), record) || fell;
    }
    return fell;
  }

  #of({ type }: CounterRecord, key: number): Remembered {
    const known = this.#remembered.get(key);
    if (known !== undefined) return known;
    const fresh = { fields: countersIn(type), last: [] };
    this.#remembered.set(key, fresh);
    return fresh;
  }
}

function countersIn({ fields }: CounterRecord["type"]): Remembered["fields"] {
  const types = Object.entries(fields as Record<string, { readonly name: string }>);
  return types
    .filter(([, { name }]) => name === "counter32" || name === "counter64")
    .map(([field, { name }]) => ({ name: field, wraps: name === "counter32" }));
}

function compare({ fields, last }: Remembered, { value }: CounterRecord): boolean {
  let fell = false;
  for (const [i, { name, wraps }] of fields.entries()) {
    const now = (value as Record<string, unknown>)[name];
    if (typeof now !== "number") continue;
    const before = last[i];
    if (before !== undefined && now < before && !(wraps && hasWrapped(before, now))) fell = true;
    last[i] = now;
  }
  return fell;
}

/** Tells whether a 32-bit counter of the kernel wrapped. That is not a decrease: collectors compute modulo 2^32. */
const hasWrapped = (last: number, value: number): boolean => {
  const step = (value - last) % 0x1_0000_0000;
  return (step < 0 ? step + 0x1_0000_0000 : step) < 0x8000_0000;
};
