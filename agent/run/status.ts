// The state of the agent and its process, gathered from the counters that its parts keep anyway. control/status.ts says
// what is in it.

import packageJson from "../../package.json" with { type: "json" };
import type { RunOptions } from "../cli/flags.ts";
import type { Running } from "../modules/module.ts";
import type { AgentStatus, ModuleStatus, Status } from "../report/agent-status.ts";
import type { AllFound } from "../report/found.ts";
import type { Settings } from "../settings/settings.ts";
import { showAddress } from "../sflow/address.ts";
import type { RunningAgent } from "../sflow/make-agent.ts";
import type { Receiver } from "../sflow/receiver.ts";
import type { AgentAddress } from "./election.ts";
import type { Part } from "./parts.ts";

interface Parts {
  readonly address: AgentAddress | undefined;
  readonly settings: Pick<Settings, "subAgentId">;
  readonly agent: Pick<RunningAgent, "counters">;
  readonly receiver: Pick<Receiver, "counters" | "suppressed">;
  /** How often callbacks threw, by who did. */
  readonly failures: ReadonlyMap<string, number>;
  readonly found: AllFound;
  readonly parts: readonly (Pick<Part, "name" | "failure"> & {
    readonly running: Pick<Running, "counters" | "report">;
  })[];
}

const moduleStatus = ({ name, running, failure }: Parts["parts"][number]): ModuleStatus => {
  const report = running.report?.() ?? {};
  const failed = failure && { obstacle: failure, remedy: "mend that, then: systemctl reload hsflowd" };
  return { name, counters: running.counters?.() ?? {}, report: { ...report, ...failed } };
};

export function agentStatus({ address, settings, agent, receiver, failures, found, parts }: Parts): AgentStatus {
  return {
    agentAddress: address && { address: showAddress(address.bytes), device: address.device },
    subAgentId: settings.subAgentId,
    counters: { ...agent.counters, ...receiver.counters },
    suppressed: receiver.suppressed,
    failures: Object.fromEntries(failures),
    modules: parts.map(moduleStatus),
    found,
  };
}

/** What `status` is answered with, each time it is asked. */
export function processStatus(
  running: { status(): AgentStatus },
  { configFile }: Pick<RunOptions, "configFile">,
): () => Status {
  return () => ({
    version: packageJson.version,
    pid: process.pid,
    uptime: Math.round(process.uptime()),
    configFile,
    memory: process.memoryUsage.rss(),
    ...running.status(),
  });
}

/** What syslog takes of a line is longer, but with its own words. RFC 3164, section 4.1. */
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

/** Lines for the log, of each part: `agent: datagrams=12 bytes=9000`. */
export function counterLines(status: AgentStatus | undefined): string[] {
  const parts = status === undefined ? [] : [{ name: "agent", counters: { ...status.counters } }, ...status.modules];
  return parts.flatMap(({ name, counters }) =>
    wrap(
      name,
      Object.entries(counters).map(([key, value]) => `${key}=${value}`),
    ),
  );
}
