// The state of the agent as families of metrics: counters end in _total. Prometheus "Metric and label naming".

import type { AgentStatus } from "../../report/agent-status.ts";
import type { CollectorReport, Table, TapReport } from "../../report/report.ts";
import type { Family, Sample } from "./exposition.ts";

/** What Node says of the process. */
export interface ProcessFigures {
  /** Bytes resident. */
  readonly memory: number;
  /** Seconds since the process started. */
  readonly uptime: number;
  /** Processor time of the process so far, in seconds. */
  readonly processor: number;
  /** How late the event loop was since it was last asked, in seconds. */
  readonly delay: { readonly mean: number; readonly max: number };
}

const one = (value: number): Sample[] => [{ labels: {}, value }];

const perKey = (label: string, values: Readonly<Record<string, number>>): Sample[] =>
  Object.entries(values).map(([key, value]) => ({ labels: { [label]: key }, value }));

const counter = (name: string, help: string, samples: readonly Sample[]): Family => ({
  name: `hsflowd_${name}_total`,
  help,
  type: "counter",
  samples,
});

const gauge = (name: string, help: string, samples: readonly Sample[]): Family => ({
  name,
  help,
  type: "gauge",
  samples,
});

function collectorFamilies(collectors: readonly CollectorReport[]): Family[] {
  const of = (value: (report: CollectorReport) => number): Sample[] =>
    collectors.map((report) => ({ labels: { collector: report.name }, value: value(report) }));
  return [
    counter(
      "collector_datagrams",
      "Datagrams that the kernel took for a collector.",
      of(({ sent }) => sent),
    ),
    counter(
      "collector_bytes",
      "Bytes of those datagrams.",
      of(({ bytes }) => bytes),
    ),
    counter(
      "collector_failed",
      "Datagrams for a collector that did not go.",
      of(({ failed }) => failed),
    ),
    gauge(
      "hsflowd_collector_open",
      "1 where there is a socket for the collector.",
      of(({ open }) => Number(open)),
    ),
  ];
}

function tapFamilies(taps: readonly TapReport[]): Family[] {
  const sampled = taps.filter(({ state }) => state === "sampled");
  const of = (value: (report: TapReport) => number): Sample[] =>
    sampled.map((report) => ({ labels: { interface: report.interface }, value: value(report) }));
  return [
    gauge(
      "hsflowd_interface_sampling_rate",
      "One packet in so many is sampled.",
      of(({ rateInForce }) => rateInForce),
    ),
    counter(
      "interface_samples",
      "Packets sampled, since the interface came up.",
      of(({ packets }) => packets),
    ),
    counter(
      "interface_lost",
      "Samples for which the kernel had no room.",
      of(({ drops }) => drops),
    ),
    gauge("hsflowd_interfaces_failing", "Interfaces that are to be sampled and are not.", [
      { labels: {}, value: taps.filter(({ state }) => state === "failing" || state === "missing").length },
    ]),
  ];
}

/** What modules count has no common shape, and some of it can fall. */
const moduleFamily = ({ modules }: AgentStatus): Family => ({
  name: "hsflowd_module",
  help: "What each block counts, as its manual page explains.",
  type: "gauge",
  samples: modules.flatMap(({ name, counters }) =>
    Object.entries(counters).map(([key, value]) => ({ labels: { module: name, counter: key }, value })),
  ),
});

const label = (column: string): string => column.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");

/** One series for each figure of a row: its texts are labels, and `counter` names the column. */
function tableFamily({ title, columns, rows, metric }: Table): Family[] {
  if (metric === undefined) return [];
  const cells = rows.flatMap((row) => {
    const named = row.map((cell, i) => ({ cell, column: columns[i] ?? "" }));
    const labels = Object.fromEntries(
      named.flatMap(({ cell, column }) => (typeof cell === "string" ? [[label(column), cell]] : [])),
    );
    return named.flatMap(({ cell, column }) =>
      typeof cell === "number" ? [{ labels: { ...labels, counter: column }, value: cell }] : [],
    );
  });
  return [gauge(`hsflowd_${metric}`, `${title}.`, cells)];
}

const processFamilies = ({ memory, uptime, processor, delay }: ProcessFigures): Family[] => [
  gauge("process_resident_memory_bytes", "Memory resident.", one(memory)),
  gauge("process_uptime_seconds", "Time since the agent started.", one(uptime)),
  { name: "process_cpu_seconds_total", help: "Processor time used.", type: "counter", samples: one(processor) },
  gauge(
    "hsflowd_event_loop_delay_mean_seconds",
    "How late the event loop was, since the last scrape.",
    one(delay.mean),
  ),
  gauge("hsflowd_event_loop_delay_max_seconds", "How late it was at worst.", one(delay.max)),
];

export function familiesOf(status: AgentStatus, figures: ProcessFigures): Family[] {
  const { counters, failures, suppressed, modules } = status;
  return [
    counter("agent", "What the sFlow agent has made, sent and left out.", perKey("counter", { ...counters })),
    gauge("hsflowd_suppressed", "1 while nothing can be sent.", one(Number(suppressed))),
    counter("callback_failures", "Callbacks that threw.", perKey("where", failures)),
    ...collectorFamilies(modules.flatMap(({ report }) => report.collectors ?? [])),
    ...tapFamilies(modules.flatMap(({ report }) => report.taps ?? [])),
    moduleFamily(status),
    ...modules.flatMap(({ report }) => (report.tables ?? []).flatMap(tableFamily)),
    ...processFamilies(figures),
  ];
}
