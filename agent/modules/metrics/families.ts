// Converts the status of the agent to families of metrics; names of counters end in _total. See Prometheus, "Metric and
// label naming".

import packageJson from "../../../package.json" with { type: "json" };
import type { AgentStatus } from "../../report/agent-status.ts";
import type { CollectorReport, Table, TapReport } from "../../report/report.ts";
import type { Family, Sample } from "./exposition.ts";

/** Figures of the process, from Node.js. */
export interface ProcessFigures {
  /** Resident memory in bytes. */
  readonly memory: number;
  /** Seconds since the process started. */
  readonly uptime: number;
  /** Seconds of the UNIX epoch. */
  readonly now: number;
  /** CPU time of the process, user and system, in seconds. */
  readonly processor: number;
  /** Delay of the event loop since it was last read, in seconds. */
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
      "Datagrams to a collector that the kernel accepted.",
      of(({ sent }) => sent),
    ),
    counter(
      "collector_bytes",
      "Bytes of those datagrams.",
      of(({ bytes }) => bytes),
    ),
    counter(
      "collector_failed",
      "Datagrams that could not be sent to a collector.",
      of(({ failed }) => failed),
    ),
    gauge(
      "hsflowd_collector_open",
      "1 if the collector has an open socket.",
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
      "Sampling rate in force: one packet in this many is sampled.",
      of(({ rateInForce }) => rateInForce),
    ),
    counter(
      "interface_samples",
      "Packets sampled since the interface came up.",
      of(({ packets }) => packets),
    ),
    counter(
      "interface_lost",
      "Samples that the kernel dropped because its buffer was full.",
      of(({ drops }) => drops),
    ),
    gauge("hsflowd_interfaces_failing", "Interfaces that should be sampled but are not.", [
      { labels: {}, value: taps.filter(({ state }) => state === "failing" || state === "missing").length },
    ]),
  ];
}

/** Current values among the counters of the pipeline, which can fall. */
const HELD: Readonly<Record<string, readonly [name: string, help: string]>> = {
  heldBatches: ["hsflowd_flow_held_batches", "Batches of sampled packets that wait for an annotator."],
  heldPackets: ["hsflowd_flow_held_packets", "Sampled packets in those batches."],
};

function flowFamilies(flow: AgentStatus["flow"]): Family[] {
  const rising = Object.fromEntries(Object.entries(flow).filter(([key]) => !(key in HELD)));
  return [
    counter("flow", "Batches and packets through the pipeline of sampled packets.", perKey("counter", rising)),
    ...Object.entries(HELD).map(([key, [name, help]]) => gauge(name, help, one(flow[key] ?? 0))),
  ];
}

/** The counters of blocks that say how many there are now, and can fall. */
const LEVELS = ["bufferBytes", "connections", "interfaces", "mountsHung", "running", "sockets", "taps"];

/** The counters of blocks that only rise, for rate(). */
const moduleTotals = ({ modules }: AgentStatus): Family =>
  counter(
    "module",
    "Counters of each block that only rise, described on its manual page.",
    modules.flatMap(({ name, counters }) =>
      Object.entries(counters)
        .filter(([key]) => !LEVELS.includes(key))
        .map(([key, value]) => ({ labels: { module: name, counter: key }, value })),
    ),
  );

/** All counters of blocks in one family of gauges, from before there were two kinds. */
const moduleFamily = ({ modules }: AgentStatus): Family => ({
  name: "hsflowd_module",
  help: "Counters of each block, described on its manual page.",
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

const processFamilies = ({ memory, uptime, now, processor, delay }: ProcessFigures): Family[] => [
  gauge("process_start_time_seconds", "Start of the process since the UNIX epoch.", one(now - uptime)),
  gauge("process_resident_memory_bytes", "Resident memory.", one(memory)),
  gauge("process_uptime_seconds", "Time since the agent started.", one(uptime)),
  { name: "process_cpu_seconds_total", help: "User and system CPU time.", type: "counter", samples: one(processor) },
  gauge(
    "hsflowd_event_loop_delay_mean_seconds",
    "Mean delay of the event loop since the last scrape.",
    one(delay.mean),
  ),
  gauge(
    "hsflowd_event_loop_delay_max_seconds",
    "Longest delay of the event loop since the last scrape.",
    one(delay.max),
  ),
];

export function familiesOf(status: AgentStatus, figures: ProcessFigures): Family[] {
  const { counters, interfaces, flow, failures, faults = [], suppressed, modules } = status;
  return [
    counter(
      "agent",
      "Samples and datagrams that the sFlow agent made, sent or dropped.",
      perKey("counter", { ...counters }),
    ),
    counter("interfaces", "Messages and changes of the interface table.", perKey("counter", interfaces)),
    ...flowFamilies(flow),
    gauge("hsflowd_build_info", "Version of the agent and of its Node.js; always 1.", [
      { labels: { version: packageJson.version, node: process.version, arch: process.arch }, value: 1 },
    ]),
    gauge("hsflowd_suppressed", "1 while nothing can be sent.", one(Number(suppressed))),
    counter("callback_failures", "Callbacks that threw.", perKey("where", failures)),
    counter(
      "faults",
      "Errors of files and sockets that do not mean missing.",
      faults.map(({ code, count }) => ({ labels: { code }, value: count })),
    ),
    ...collectorFamilies(modules.flatMap(({ report }) => report.collectors ?? [])),
    ...tapFamilies(modules.flatMap(({ report }) => report.taps ?? [])),
    moduleTotals(status),
    moduleFamily(status),
    ...modules.flatMap(({ report }) => (report.tables ?? []).flatMap(tableFamily)),
    ...processFamilies(figures),
  ];
}
