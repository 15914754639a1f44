// Turns a known record into pairs of key and value. Uses the record's rule, or else its table of keys, or else the
// names of its fields.

import type { CounterRecord, FlowRecord, RecordKind, RecordType } from "../../sflow/record.ts";
import { counterKeys } from "./counter-keys.ts";
import { counterRules } from "./counter-records.ts";
import { flowKeys } from "./flow-keys.ts";
import { flowRules } from "./flow-records.ts";
import { keyedPairs, type Values } from "./keys.ts";
import type { Pair } from "./pair.ts";

const rules = new Map<RecordType<RecordKind, unknown>, (value: never) => Pair[]>([...flowRules, ...counterRules]);

export function recordPairs({ type, value }: FlowRecord | CounterRecord): Pair[] {
  const show = rules.get(type);
  if (show !== undefined) return show(value as never);
  const keys = type.kind === "flow_data" ? flowKeys[type.name] : counterKeys[type.name];
  return keyedPairs(type, value as Values, keys ?? {});
}
