// Whether counters of a data source went backwards since its last sample. sFlow v5, section 5 "counter32", "counter64".

import type { CounterRecord } from "./record.ts";

/** What is remembered of a record: the names of its counters, and their values at the last sample. */
interface Memory {
  readonly fields: readonly { readonly name: string; readonly wraps: boolean }[];
  readonly last: (number | undefined)[];
}

/** A collector would take the step for one of almost 2^32 or 2^64 forward: the sequence of samples must start again. */
export function makeBackwards(): (records: readonly CounterRecord[]) => boolean {
  const memories = new Map<number, Memory>();
  const memoryOf = ({ type }: CounterRecord): Memory => {
    const known = memories.get(type.format);
    if (known !== undefined) return known;
    const memory = { fields: countersOf(type), last: [] };
    memories.set(type.format, memory);
    return memory;
  };
  return (records) => {
    let backwards = false;
    for (const record of records) backwards = wentBack(memoryOf(record), record) || backwards;
    return backwards;
  };
}

function countersOf({ fields }: CounterRecord["type"]): Memory["fields"] {
  const types = Object.entries(fields as Record<string, { readonly name: string }>);
  return types
    .filter(([, { name }]) => name === "counter32" || name === "counter64")
    .map(([field, { name }]) => ({ name: field, wraps: name === "counter32" }));
}

function wentBack({ fields, last }: Memory, { value }: CounterRecord): boolean {
  let backwards = false;
  for (const [i, { name, wraps }] of fields.entries()) {
    const now = (value as Record<string, unknown>)[name];
    if (typeof now !== "number") continue;
    const before = last[i];
    if (before !== undefined && now < before && !(wraps && hasWrapped(before, now))) backwards = true;
    last[i] = now;
  }
  return backwards;
}

/** The kernel's own counter had 32 bits and began again: what goes on the wire goes on. */
const hasWrapped = (last: number, value: number): boolean => {
  const step = (value - last) % 0x1_0000_0000;
  return (step < 0 ? step + 0x1_0000_0000 : step) < 0x8000_0000;
};
