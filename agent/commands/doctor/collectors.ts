// Checks that every collector can be reached, and that the agent's datagrams are not refused.

import type { Host } from "../../host/host.ts";
import type { ProbeReport } from "../../modules/module.ts";
import type { CollectorReport } from "../../report/report.ts";
import { probeAll, type Survey } from "../survey.ts";
import { broken, type Finding, ok, unknown } from "./finding.ts";

/** Splits a text such as "no route leads to it; add one" at the semicolon into a reason and a remedy. */
function split(what: string, text: string): Finding {
  const [reason = "", ...rest] = text.split("; ");
  return broken("collectors", `${what}: ${reason}`, rest.length === 0 ? undefined : rest.join("; "));
}

/** Judges one collector. `report` is undefined if the agent does not have this collector or does not answer. */
function judge(
  { name, obstacle, untried, loss }: ProbeReport,
  report: CollectorReport | undefined,
  isAsked: boolean,
): Finding {
  const found = obstacle ?? report?.obstacle;
  if (found !== undefined) return split(`${name} cannot be reached`, found);
  if (untried !== undefined && report === undefined)
    return unknown("collectors", `${name}: cannot tell whether it can be reached: ${untried}`, "ask as root");
  if (loss !== undefined) return split(name, loss);
  if (isAsked && report === undefined)
    return broken(
      "collectors",
      `${name} gets nothing: the running agent has not read this file`,
      "systemctl reload hsflowd",
    );
  const sent = report === undefined ? "can be reached" : `${report.sent} datagrams sent, ${report.failed} failed`;
  return ok("collectors", `${name}: ${sent}`);
}

/**
 * Above this number of datagrams per second, a refusal may be the reply to a datagram of the agent, not to the probe.
 */
const BUSY = 1.5;

/**
 * Probes each collector of the file, and compares the result with the agent's report about the collector. Then adds the
 * collectors that the agent discovered.
 */
export async function checkCollectors({ agent, configuration, interfaces }: Survey, host: Host): Promise<Finding[]> {
  if (configuration === undefined) return [];
  const reports = agent.kind === "answer" ? agent.value.modules.flatMap(({ report }) => report.collectors ?? []) : [];
  const uptime = agent.kind === "answer" ? agent.value.uptime : 0;
  const reportOf = (name: string): CollectorReport | undefined => reports.find((report) => report.name === name);
  const isBusy = (name: string): boolean => (reportOf(name)?.sent ?? 0) > BUSY * uptime;
  const addressInUse = (name: string): string | undefined => reportOf(name)?.address;
  const { datagramBytes } = configuration.sflow;
  const tried = await probeAll(configuration, { host, interfaces, datagramBytes, addressInUse, isBusy });
  if (tried.length === 0 && reports.length === 0)
    return [
      broken("collectors", "nothing is sent: no collector is configured", "add collector { ip=ADDRESS } to sflow { }"),
    ];
  const others = reports.filter(({ name }) => !tried.some((one) => one.name === name));
  return [
    ...tried.map((one) => judge(one, reportOf(one.name), agent.kind === "answer")),
    ...others.map((report) => judge({ name: report.name, obstacle: undefined, loss: undefined }, report, true)),
  ];
}
