// Whether counters of a data source went backwards since its last sample. sFlow v5, section 5 "counter32", "counter64".

import type { CounterRecord } from "../sflow/record.ts";

/** A collector would take the step for one of almost 2^32 or 2^64 forward: the sequence of samples must start again. */
export function makeBackwards(): (records: readonly CounterRecord[]) => boolean {
  const before = new Map<string, number>();
  return (records) => {
    let backwards = false;
    for (const record of records) {
      for (const [field, value] of Object.entries(record.value as Record<string, unknown>)) {
        const type = (record.type.fields as Record<string, { readonly name: string }>)[field]?.name;
        if (typeof value !== "number" || (type !== "counter32" && type !== "counter64")) continue;
        const key = `${record.type.format} ${field}`;
        const last = before.get(key);
        if (last !== undefined && value < last && !(type === "counter32" && hasWrapped(last, value))) backwards = true;
        before.set(key, value);
      }
    }
    return backwards;
  };
}

/** The kernel's own counter had 32 bits and began again: what goes on the wire goes on. */
const hasWrapped = (last: number, value: number): boolean => {
  const step = (value - last) % 0x1_0000_0000;
  return (step < 0 ? step + 0x1_0000_0000 : step) < 0x8000_0000;
};
