// Leaves out counter records whose format a sample already has.

import type { CounterRecord } from "../sflow/record.ts";

export function otherFormats(
  records: readonly CounterRecord[],
  present: readonly CounterRecord[],
): readonly CounterRecord[] {
  const formats = new Set(present.map(({ type }) => type.format));
  return records.filter(({ type }) => !formats.has(type.format));
}
