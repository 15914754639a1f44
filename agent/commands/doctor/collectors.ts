// The last link: every collector can be reached, and the agent has not been refused.

import type { Host } from "../../host/host.ts";
import type { CollectorReport } from "../../report/report.ts";
import { probeAll, type Survey } from "../survey.ts";
import { broken, type Finding, ok } from "./finding.ts";

/** "no route leads to it; add one": what stands behind the semicolon is the remedy. */
function split(name: string, obstacle: string): Finding {
  const [reason = "", ...rest] = obstacle.split("; ");
  return broken("collectors", `${name} cannot be reached: ${reason}`, rest.length === 0 ? undefined : rest.join("; "));
}

/** `report` is undefined where the agent knows nothing of it, or cannot be asked. */
function judge(
  name: string,
  obstacle: string | undefined,
  report: CollectorReport | undefined,
  isAsked: boolean,
): Finding {
  const found = obstacle ?? report?.obstacle;
  if (found !== undefined) return split(name, found);
  if (isAsked && report === undefined)
    return broken(
      "collectors",
      `${name} gets nothing: the running agent has not read this file`,
      "systemctl reload hsflowd",
    );
  const sent = report === undefined ? "can be reached" : `${report.sent} datagrams sent, ${report.failed} failed`;
  return ok("collectors", `${name}: ${sent}`);
}

/** Datagrams a second. */
const BUSY = 1.5;

/** Those of the file, each tried from here, and what the running agent has met with; then those it found by itself. */
export async function checkCollectors({ agent, configuration, interfaces }: Survey, host: Host): Promise<Finding[]> {
  if (configuration === undefined) return [];
  const reports = agent.kind === "answer" ? agent.value.modules.flatMap(({ report }) => report.collectors ?? []) : [];
  const uptime = agent.kind === "answer" ? agent.value.uptime : 0;
  const reportOf = (name: string): CollectorReport | undefined => reports.find((report) => report.name === name);
  const isBusy = (name: string): boolean => (reportOf(name)?.sent ?? 0) > BUSY * uptime;
  const tried = await probeAll(configuration, { host, interfaces, isBusy });
  if (tried.length === 0 && reports.length === 0)
    return [broken("collectors", "nothing is sent: no collector is known", "collector { ip=ADDRESS } in sflow { }")];
  const others = reports.filter(({ name }) => !tried.some((one) => one.name === name));
  return [
    ...tried.map(({ name, obstacle }) => judge(name, obstacle, reportOf(name), agent.kind === "answer")),
    ...others.map((report) => judge(report.name, undefined, report, true)),
  ];
}
