// Pollers that keep what a workload's samples say.

import type { ReadCounters } from "../../agent/sflow/agent.ts";
import { type DataSource, DataSourceClass, showDataSource } from "../../agent/sflow/data-source.ts";
import type { CounterRecord } from "../../agent/sflow/record.ts";

export interface Sample {
  readonly source: string;
  readonly hostname: string;
  readonly state: number;
  readonly cpuTime: number | undefined;
  readonly maxMemory: unknown;
  /** Subject of the source, by which a run is recognized. */
  readonly subject: string;
}

/**
 * Puts samples that are taken at once into `samples`, sources without further samples into `removed`, and those whose
 * counters were taken out into `withdrawn`.
 */
export function makeRecorder(samples: Sample[], removed: string[] = [], withdrawn: string[] = []) {
  return (source: DataSource) => {
    const key = showDataSource(source);
    let reader: ReadCounters | undefined;
    let subject = "";
    return {
      source,
      contribute(read: ReadCounters) {
        reader = read;
        return () => {
          reader = undefined;
          // The host's own sample is no workload's.
          if (source.class === DataSourceClass.entLogicalEntry) withdrawn.push(key);
        };
      },
      discontinuity: () => undefined,
      setSubject(next: string) {
        subject = next;
        return false;
      },
      write: () => undefined,
      setPolling: () => undefined,
      sampleNow() {
        const records: CounterRecord[] = [];
        reader?.(records);
        const value = (format: number) =>
          (records.find(({ type }) => type.format === format)?.value ?? {}) as Record<string, unknown>;
        samples.push({
          source: key,
          hostname: String(value(2000)["hostname"]),
          state: Number(value(2101)["state"]),
          cpuTime: value(2101)["cpuTime"] as number | undefined,
          maxMemory: value(2102)["maxMemory"],
          subject,
        });
      },
      remove: () => void removed.push(key),
    };
  };
}
