// Reads counter_sample of a message: counters that an application keeps itself.

import { type CounterRecord, counterRecord, type RecordType } from "../../sflow/record.ts";
import { appOperations } from "../../sflow/records/counter/app-operations.ts";
import { appResources } from "../../sflow/records/counter/app-resources.ts";
import { appWorkers } from "../../sflow/records/counter/app-workers.ts";
import { httpCounters } from "../../sflow/records/counter/http-counters.ts";
import { jvmRuntime } from "../../sflow/records/counter/jvm-runtime.ts";
import { jvmStatistics } from "../../sflow/records/counter/jvm-statistics.ts";
import { memcacheCounters } from "../../sflow/records/counter/memcache-counters.ts";
import { recordReader } from "./record-reader.ts";
import { readSender, SENDER, type Sender } from "./sender.ts";
import { Shape } from "./shape.ts";
import { object, type Read } from "./values.ts";

export interface CounterSample extends Sender {
  readonly records: readonly CounterRecord[];
  /** True if the application counts its operations or requests itself. */
  readonly countsOperations: boolean;
}

const reading =
  <T>(type: RecordType<"counter_data", T>, read = recordReader(type)): Read =>
  (value) =>
    counterRecord(type, read(value));

const RECORDS = {
  app_operations: reading(appOperations),
  app_resources: reading(appResources),
  app_workers: reading(appWorkers),
  http_counters: reading(httpCounters),
  jvm_runtime: reading(jvmRuntime),
  jvm_statistics: reading(jvmStatistics),
  memcache_counters: reading(memcacheCounters),
} as const;
const KEYS = Object.keys(RECORDS) as (keyof typeof RECORDS)[];

const shape = new Shape({ ...SENDER, ...RECORDS });

/** Throws a Fault if the sample is not valid as a whole. */
export function readCounterSample(value: unknown): CounterSample {
  const given = shape.read(object(value));
  const sender = readSender(given);
  const { app_operations: operations, http_counters: requests } = given as Record<string, CounterRecord | undefined>;
  if (operations !== undefined) Object.assign(operations.value as object, { application: sender.application });
  const records = KEYS.flatMap((key) => (given[key] as CounterRecord | undefined) ?? []);
  return { ...sender, records, countsOperations: operations !== undefined || requests !== undefined };
}
