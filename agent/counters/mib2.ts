// Converts the counters of /proc/net/snmp to records of MIB-II groups, by their names. See RFC 1213.

import type { NetSnmp } from "../proc/net-snmp.ts";
import { type CounterRecord, counterRecord, type RecordType } from "../sflow/record.ts";

export type ReadMib2 = (snmp: NetSnmp) => CounterRecord | undefined;

/**
 * Makes a reader of one group. The name of a field is `prefix` and the kernel's name of the counter, except for fields
 * in `renamed`. If the kernel lacks a field, it is unknown. If the kernel lacks the group, there is no record.
 */
export function mib2Reader<T>(
  type: RecordType<"counter_data", T>,
  group: string,
  prefix: string,
  renamed: Readonly<Record<string, string>> = {},
): ReadMib2 {
  const fields = Object.keys(type.fields).map(
    (field) => [field, renamed[field] ?? field.slice(prefix.length)] as const,
  );
  return (snmp) => {
    const values = snmp.get(group);
    if (values === undefined) return undefined;
    const value = { ...type.unknown } as Record<string, unknown>;
    for (const [field, name] of fields) value[field] = values.get(name) ?? value[field];
    return counterRecord(type, value as T);
  };
}
