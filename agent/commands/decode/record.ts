// Prints a record. Uses its rule, or else its table of keys, or else the names of its fields.

import type { RecordKind, RecordType } from "../../sflow/record.ts";
import { counterTypes, flowTypes } from "../../sflow/records/catalog.ts";
import { counterKeys } from "./counter-keys.ts";
import { counterRules } from "./counter-records.ts";
import { flowKeys } from "./flow-keys.ts";
import { flowRules } from "./flow-records.ts";
import { keyedFields } from "./keys.ts";
import type { Pairs } from "./pairs.ts";
import type { Print } from "./rule.ts";

type AnyType = RecordType<RecordKind, unknown>;

const prints = new Map<AnyType, Print<never>>([
  ...flowTypes.map((type) => [type, keyedFields(type, flowKeys[type.name] ?? {})] as const),
  ...counterTypes.map((type) => [type, keyedFields(type, counterKeys[type.name] ?? {})] as const),
  ...flowRules,
  ...counterRules,
]);

export const printRecord = (pairs: Pairs, type: AnyType, value: unknown, missing: number): void =>
  prints.get(type)?.(pairs, value as never, missing);
