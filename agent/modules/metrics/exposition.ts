// Writes families of metrics as a page for Prometheus, with its client library. See Prometheus, "Text-based format",
// version 0.0.4.

import { Counter, Gauge, Registry } from "prom-client";
import type { Page } from "../../host/host.ts";
import type { WorkQueue } from "../../host/work-queue.ts";
import { printable } from "../../text/printable.ts";

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge";
  /** All have the same label names. */
  readonly samples: readonly Sample[];
}

/** Line breaks stay, because the format escapes them. It does not escape what else may act on a terminal. */
const shownLabel = (value: string): string => value.split("\n").map(printable).join("\n");

const shownLabels = (labels: Sample["labels"]): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, shownLabel(value)]));

/**
 * Makes new counters of the library for each page, because the agent does the counting itself. So a removed
 * collector or interface is not on the next page. Leaves out families without samples.
 */
export async function expose(families: readonly Family[], queue: WorkQueue): Promise<Page> {
  const registry = new Registry();
  const texts: string[] = [];
  for (const { name, help, type, samples } of families) {
    const [first] = samples;
    if (first === undefined) continue;
    const Kind = type === "counter" ? Counter : Gauge;
    const metric = new Kind({ name, help, labelNames: Object.keys(first.labels), registers: [registry] });
    for (const { labels, value } of samples) {
      metric.inc(shownLabels(labels), value);
      await queue.next();
    }
    texts.push(await registry.getSingleMetricAsString(name));
    await queue.next();
  }
  return { type: registry.contentType, text: `${texts.join("\n\n")}\n` };
}
