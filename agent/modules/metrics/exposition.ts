// Families of metrics as the page that Prometheus reads, written by its client library. Prometheus "Text-based format",
// version 0.0.4.

import { Counter, Gauge, Registry } from "prom-client";
import type { Page } from "../../host/host.ts";

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge";
  /** All with the same labels. */
  readonly samples: readonly Sample[];
}

/**
 * The agent counts for itself, so the library's counters live no longer than the page; what is not there any more is
 * not on the next one. A family without samples is left out.
 */
export async function expose(families: readonly Family[]): Promise<Page> {
  const registry = new Registry();
  for (const { name, help, type, samples } of families) {
    const [first] = samples;
    if (first === undefined) continue;
    const Kind = type === "counter" ? Counter : Gauge;
    const metric = new Kind({ name, help, labelNames: Object.keys(first.labels), registers: [registry] });
    for (const { labels, value } of samples) metric.inc({ ...labels }, value);
  }
  return { type: registry.contentType, text: await registry.metrics() };
}
