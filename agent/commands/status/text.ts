// Formats the status of a running agent for people: its identity, collectors, sampled interfaces, and counters.

import type { Status } from "../../report/agent-status.ts";
import { confinementText } from "../../report/confinement.ts";
import type { CollectorReport, LookupReport, QuestionReport, Table, TapReport } from "../../report/report.ts";
import { linesText, type Printable } from "../../text/printable.ts";
import { columns } from "../columns.ts";

/** Formats a duration with its two largest units: "3 d 4 h", "12 min 5 s". */
export function duration(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [Math.floor(seconds) % 60, "s"],
  ] as const;
  const first = parts.findIndex(([value]) => value > 0);
  const shown = parts.slice(first < 0 ? 3 : first, first < 0 ? 4 : first + 2);
  return shown.map(([value, unit]) => `${value} ${unit}`).join(" ");
}

function headLines({
  version,
  pid,
  uptime,
  configFile,
  memory,
  agentAddress,
  subAgentId,
  suppressed,
  obstacle = "no collector can be reached yet",
  confinement,
}: Status): string[] {
  const device = agentAddress?.device === undefined ? "from agentIP" : `of ${agentAddress.device}`;
  const address = agentAddress === undefined ? "none: nothing is sent" : `${agentAddress.address} ${device}`;
  return [
    `hsflowd ${version}, process ${pid}, up ${duration(uptime)}, ${Math.round(memory / 1e6)} MB, ${configFile}`,
    `agent address ${address}, sub-agent ${subAgentId}`,
    ...(confinement === undefined ? [] : [confinementText(confinement)]),
    ...(suppressed && agentAddress !== undefined ? [`nothing is sent: ${obstacle}`] : []),
  ];
}

const collectorRow = ({ name, address, sent, failed, lastError }: CollectorReport): string[] => [
  name,
  address === undefined ? "no address yet" : name.includes(address) ? "" : address,
  String(sent),
  String(failed),
  lastError ?? "-",
];

const collectorLines = (collectors: readonly CollectorReport[]): string[] =>
  collectors.length === 0
    ? []
    : ["", ...columns([["collector", "", "sent", "failed", "last error"], ...collectors.map(collectorRow)], 0)];

const isSampled = ({ engine }: TapReport): boolean => engine !== undefined;

/** Returns what prevents sampling, or else the setting that decides the rate. */
const reasonOf = ({ why, obstacle }: TapReport): string => obstacle ?? why;

const tapRow = (tap: TapReport): string[] => [
  tap.interface,
  isSampled(tap) ? `1-in-${tap.rateInForce}` : "-",
  String(tap.packets),
  String(tap.drops),
  reasonOf(tap),
];

function tapLines(taps: readonly TapReport[]): string[] {
  if (taps.length === 0) return ["", "no interface is sampled: no block samples packets"];
  const ordered = taps.toSorted((a, b) => Number(isSampled(b)) - Number(isSampled(a)) || a.index - b.index);
  return ["", ...columns([["interface", "rate", "sampled", "drops", "why"], ...ordered.map(tapRow)], 0)];
}

const LOOKUPS = ["lookups", "hits", "notFound", "recalled", "errors", "deadline"] as const;

/** Shows look-ups by network namespace. If the host is the only namespace, the counters of the block suffice. */
const lookupLines = (lookups: readonly LookupReport[]): string[] =>
  lookups.length < 2
    ? []
    : [
        "",
        ...columns(
          [
            ["lookups in", ...LOOKUPS],
            ...lookups.map((row) => [row.namespace, ...LOOKUPS.map((column) => String(row[column]))]),
          ],
          0,
        ),
      ];

const questionRow = ({ question, answer, age, next }: QuestionReport): string[] => [
  question,
  age === undefined ? "never" : `${duration(age)} ago`,
  `in ${duration(next)}`,
  answer ?? "no answer yet",
];

const questionLines = (questions: readonly QuestionReport[]): string[] =>
  questions.length === 0
    ? []
    : ["", ...columns([["question", "answered", "next", "last answer"], ...questions.map(questionRow)], 0)];

const tableLines = ({ title, columns: names, rows }: Table): string[] =>
  rows.length === 0 ? [] : ["", title, ...columns([[...names], ...rows.map((row) => row.map(String))])];

const foundLines = ({ found }: Status): string[] =>
  Object.entries(found).flatMap(([source, { settings }]) =>
    settings.length === 0 ? [] : ["", `settings from ${source}: ${settings.join(", ")}`],
  );

const counterLines = (name: string, counters: Readonly<Record<string, number>>): string[] => {
  const rows = Object.entries(counters).map(([key, value]) => [key, String(value)]);
  return rows.length === 0 ? [] : ["", name, ...columns(rows)];
};

/** Formats counters on one line, `flow: batches=12 packets=340`, if they matter only when something is wrong. */
const counterLine = (name: string, counters: Readonly<Record<string, number>>): string =>
  `${name}: ${Object.entries(counters)
    .map(([key, value]) => `${key}=${value}`)
    .join(" ")}`;

const faultLines = (faults: NonNullable<Status["faults"]>): string[] =>
  faults.flatMap(({ message, remedy, count, age }) => [
    "",
    `${message}, ${count} times, last ${duration(age)} ago`,
    `  remedy: ${remedy}`,
  ]);

/** Tells whether the output already shows the counters of this module in the table of collectors. */
const hasTable = ({ report }: Status["modules"][number]): boolean => report.collectors !== undefined;

export function statusText(status: Status): Printable {
  const { modules, counters, interfaces, flow, failures, faults = [] } = status;
  const lines = [
    ...headLines(status),
    ...collectorLines(modules.flatMap(({ report }) => report.collectors ?? [])),
    ...tapLines(modules.flatMap(({ report }) => report.taps ?? [])),
    ...questionLines(modules.flatMap(({ report }) => report.questions ?? [])),
    ...foundLines(status),
    ...lookupLines(modules.flatMap(({ report }) => report.lookups ?? [])),
    ...modules.flatMap(({ report }) => (report.tables ?? []).flatMap(tableLines)),
    ...counterLines("agent", counters),
    "",
    counterLine("interface table", interfaces),
    counterLine("flow", flow),
    ...modules.filter((module) => !hasTable(module)).flatMap((module) => counterLines(module.name, module.counters)),
    ...modules.flatMap(({ name, report }) =>
      report.obstacle === undefined ? [] : ["", `${name}: ${report.obstacle}`],
    ),
    ...counterLines("callbacks that failed", failures),
    ...faultLines(faults),
  ];
  return linesText(lines);
}
