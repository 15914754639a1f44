// Gathers the status of the agent and its process from the counters of its parts. report/agent-status.ts describes the
// fields.

import packageJson from "../../package.json" with { type: "json" };
import type { RunOptions } from "../cli/flags.ts";
import type { Steps } from "../config/steps.ts";
import type { Pipeline } from "../flow/pipeline.ts";
import type { Faults } from "../host/faults.ts";
import type { InterfaceTable } from "../interfaces/table.ts";
import type { Running } from "../modules/module.ts";
import type { AgentStatus, ModuleStatus, Status } from "../report/agent-status.ts";
import type { Confinement } from "../report/confinement.ts";
import type { AllFound } from "../report/found.ts";
import type { Report } from "../report/report.ts";
import type { Settings } from "../settings/settings.ts";
import { showAddress } from "../sflow/address.ts";
import type { RunningAgent } from "../sflow/make-agent.ts";
import type { Receiver } from "../sflow/receiver.ts";
import type { AgentAddress } from "./election.ts";
import type { Part } from "./parts.ts";

export interface StatusParts {
  readonly address: AgentAddress | undefined;
  readonly obstacle?: string | undefined;
  readonly settings: Pick<Settings, "subAgentId">;
  readonly agent: Pick<RunningAgent, "counters">;
  readonly receiver: Pick<Receiver, "counters" | "suppressed">;
  readonly interfaces: Pick<InterfaceTable, "statistics">;
  readonly flows: Pick<Pipeline, "counters">;
  /** The number of exceptions thrown by callbacks, by the part of the agent that threw. */
  readonly failures: ReadonlyMap<string, number>;
  readonly faults: Pick<Faults, "all">;
  readonly found: AllFound;
  readonly parts: readonly (Pick<Part, "name" | "failure"> & {
    readonly running: Pick<Running, "counters" | "report" | "reporting">;
  })[];
}

type OnePart = StatusParts["parts"][number];

const moduleStatus = ({ name, running, failure }: OnePart, report: Report): ModuleStatus => {
  const failed = failure && { obstacle: failure, remedy: "fix this, then run: systemctl reload hsflowd" };
  return { name, counters: running.counters?.() ?? {}, report: { ...report, ...failed } };
};

/** Leaves out reports that take steps. */
export const briefStatus = (from: StatusParts): AgentStatus => ({
  ...ownStatus(from),
  modules: from.parts.map((part) =>
    moduleStatus(part, part.running.reporting === undefined ? (part.running.report?.() ?? {}) : {}),
  ),
});

/** Gathers the whole status in steps. */
export function* gatheringStatus(from: StatusParts): Steps<AgentStatus> {
  const modules: ModuleStatus[] = [];
  for (const part of from.parts) {
    const report = part.running.reporting === undefined ? part.running.report?.() : yield* part.running.reporting();
    modules.push(moduleStatus(part, report ?? {}));
    yield;
  }
  return { ...ownStatus(from), modules };
}

function ownStatus(from: StatusParts): Omit<AgentStatus, "modules"> {
  const { address, obstacle, settings, agent, receiver, interfaces, flows, failures, faults, found } = from;
  return {
    agentAddress: address && { address: showAddress(address.bytes), device: address.device },
    subAgentId: settings.subAgentId,
    counters: { ...agent.counters, ...receiver.counters },
    interfaces: { ...interfaces.statistics },
    flow: { ...flows.counters },
    suppressed: receiver.suppressed,
    obstacle,
    failures: Object.fromEntries(failures),
    faults: faults.all.map((fault) => ({ ...fault, age: Math.round(fault.age) })),
    found,
  };
}

/** Returns the handler of the request `status`. */
export function processStatus(
  status: () => Promise<AgentStatus>,
  { configFile }: Pick<RunOptions, "configFile">,
  confinement?: Confinement | undefined,
): () => Promise<Status> {
  return async () => ({
    version: packageJson.version,
    pid: process.pid,
    uptime: Math.round(process.uptime()),
    configFile,
    memory: process.memoryUsage.rss(),
    confinement,
    ...(await status()),
  });
}

/** Longest line in characters. With its header, a syslog message may have 1024 bytes. See RFC 3164, section 4.1. */
const LINE = 900;

function wrap(name: string, pairs: readonly string[]): string[] {
  const lines: string[] = [];
  for (const pair of pairs) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + pair.length > LINE) lines.push(`${name}: ${pair}`);
    else lines[lines.length - 1] = `${last} ${pair}`;
  }
  return lines;
}

/** Returns lines for the log, with the counters of one part of the agent each: `agent: datagrams=12 bytes=9000`. */
export function counterLines(status: AgentStatus | undefined): string[] {
  if (status === undefined) return [];
  const parts = [
    { name: "agent", counters: { ...status.counters } },
    // The block interfaces { } has counters of its own under that name.
    { name: "interface table", counters: status.interfaces },
    { name: "flow", counters: status.flow },
    ...status.modules,
  ];
  return parts.flatMap(({ name, counters }) =>
    wrap(
      name,
      Object.entries(counters).map(([key, value]) => `${key}=${value}`),
    ),
  );
}
