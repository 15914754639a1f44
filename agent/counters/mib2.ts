// Counters of /proc/net/snmp as records of MIB-II groups, each found by its name. RFC 1213.

import type { NetSnmp } from "../proc/net-snmp.ts";
import { type CounterRecord, counterRecord, type RecordType } from "../sflow/record.ts";

export type ReadMib2 = (snmp: NetSnmp) => CounterRecord | undefined;

/**
 * A field is `prefix` and the kernel's name, but for those in `spelt`. One the kernel does not have is unknown, and a
 * group it does not have is no record.
 */
export function mib2Reader<T>(
  type: RecordType<"counter_data", T>,
  group: string,
  prefix: string,
  spelt: Readonly<Record<string, string>> = {},
): ReadMib2 {
  const fields = Object.keys(type.fields).map((field) => [field, spelt[field] ?? field.slice(prefix.length)] as const);
  return (snmp) => {
    const values = snmp.get(group);
    if (values === undefined) return undefined;
    const value = { ...type.unknown } as Record<string, unknown>;
    for (const [field, name] of fields) value[field] = values.get(name) ?? value[field];
    return counterRecord(type, value as T);
  };
}
