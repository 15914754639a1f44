// Formats the status of a running agent for people: its identity, collectors, sampled interfaces, and counters.

import type { Status } from "../../report/agent-status.ts";
import { confinementText } from "../../report/confinement.ts";
import type { CollectorReport, LookupReport, QuestionReport, Table, TapReport } from "../../report/report.ts";
import { linesText, type Printable } from "../../text/printable.ts";
import { wrapText } from "../../text/wrap.ts";
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

const collectorLines = (collectors: readonly CollectorReport[], width: number): string[] =>
  collectors.length === 0
    ? []
    : ["", ...columns([["collector", "", "sent", "failed", "last error"], ...collectors.map(collectorRow)], 0, width)];

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

const tapLines = (taps: readonly TapReport[], width: number): string[] =>
  taps.length === 0
    ? []
    : ["", ...columns([["interface", "rate", "sampled", "drops", "why"], ...taps.map(tapRow)], 0, width)];

const ordered = (taps: readonly TapReport[]): TapReport[] =>
  taps.toSorted((a, b) => Number(isSampled(b)) - Number(isSampled(a)) || a.index - b.index);

/** Interfaces that are sampled, or that should be. */
const isOfInterest = ({ state }: TapReport): boolean => ["sampled", "failing", "missing"].includes(state);

function shortTapLines(taps: readonly TapReport[], width: number): string[] {
  const shown = ordered(taps.filter(isOfInterest));
  const more = taps.length - shown.length;
  if (more === 0) return tapLines(shown, width);
  return [...tapLines(shown, width), ...(shown.length === 0 ? [""] : []), `interfaces not sampled: ${more}`];
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

const questionLines = (questions: readonly QuestionReport[], width: number): string[] =>
  questions.length === 0
    ? []
    : ["", ...columns([["question", "answered", "next", "last answer"], ...questions.map(questionRow)], 0, width)];

function tableLines({ title, columns: names, rows }: Table, most: number, width: number): string[] {
  if (rows.length === 0) return [];
  const more = rows.length > most ? [`  ${rows.length - most} more rows`] : [];
  const shown = rows.slice(0, most).map((row) => row.map(String));
  return ["", title, ...columns([[...names], ...shown], 2, width), ...more];
}

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

/** Every counter, and the look-ups. */
const detailLines = ({ modules, counters, interfaces, flow }: Status): string[] => [
  ...lookupLines(modules.flatMap(({ report }) => report.lookups ?? [])),
  ...counterLines("agent", counters),
  "",
  counterLine("interface table", interfaces),
  counterLine("flow", flow),
  ...modules.filter((module) => !hasTable(module)).flatMap((module) => counterLines(module.name, module.counters)),
];

const troubleLines = ({ modules, failures, faults = [] }: Status): string[] => [
  ...modules.flatMap(({ name, report }) => (report.obstacle === undefined ? [] : ["", `${name}: ${report.obstacle}`])),
  ...counterLines("callbacks that failed", failures),
  ...faultLines(faults),
];

/** Rows of a table in the short form. */
const MOST_ROWS = 10;

export interface StatusOptions {
  /** Shows every counter, every row and every interface. */
  readonly all: boolean;
  /** Columns of the terminal. Infinity breaks no line. */
  readonly width: number;
}

export function statusText(status: Status, { all, width }: StatusOptions): Printable {
  const reports = status.modules.map(({ report }) => report);
  const taps = reports.flatMap((report) => report.taps ?? []);
  const most = all ? Number.POSITIVE_INFINITY : MOST_ROWS;
  const wrapped = (lines: readonly string[]) => lines.flatMap((line) => wrapText(line, width));
  const lines = [
    ...wrapped(headLines(status)),
    ...collectorLines(
      reports.flatMap((report) => report.collectors ?? []),
      width,
    ),
    ...(taps.length === 0 ? ["", "no interface is sampled: no block samples packets"] : []),
    ...(all ? tapLines(ordered(taps), width) : shortTapLines(taps, width)),
    ...questionLines(
      reports.flatMap((report) => report.questions ?? []),
      width,
    ),
    ...wrapped(foundLines(status)),
    ...reports.flatMap((report) => (report.tables ?? []).flatMap((table) => tableLines(table, most, width))),
    ...wrapped(all ? detailLines(status) : []),
    ...wrapped(troubleLines(status)),
    ...(all ? [] : ["", "every counter and interface: hsflowd status --all"]),
  ];
  return linesText(lines);
}
