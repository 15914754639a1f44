// Checks that there is an agent address, and that an agent runs and answers.

import { parseAddress } from "../../config/address.ts";
import type { Host } from "../../host/host.ts";
import type { FaultReport } from "../../report/agent-status.ts";
import { showAddress } from "../../sflow/address.ts";
import { explainAgent } from "../explain/agent.ts";
import { duration } from "../status/text.ts";
import type { Survey } from "../survey.ts";
import { broken, type Finding, note, ok, unknown } from "./finding.ts";

async function resolves(host: Host, name: string): Promise<string | undefined> {
  const numeric = parseAddress(name);
  if (numeric !== undefined) return showAddress(numeric);
  try {
    return (await host.resolve(name))[0];
  } catch {
    return undefined;
  }
}

export async function checkAddress(survey: Survey, host: Host): Promise<Finding[]> {
  const explained = explainAgent(survey, host);
  if (explained === undefined) return [];
  const { agentIP } = survey.configuration?.sflow ?? {};
  if (agentIP !== undefined && (await resolves(host, agentIP)) === undefined)
    return [
      broken("agent address", `agentIP: host name ${agentIP} does not resolve`, "set agentIP to a numeric address"),
    ];
  if (explained.address === undefined)
    return [broken("agent address", `nothing is sent: ${explained.why}`, "set agentIP = ADDRESS")];
  const problem = explained.problem === undefined ? [] : [note("agent address", explained.problem)];
  const said = `${explained.address}: ${explained.why}`;
  const answer =
    explained.cannotTell === undefined
      ? ok("agent address", said)
      : unknown("agent address", explained.cannotTell, "ask as root or as group hsflowd");
  return [answer, ...problem];
}

const REMEDY = "end the other agent, or set another subAgentId";

export function checkAgent({ agent, file }: Survey): Finding[] {
  if (agent.kind === "forbidden")
    return [unknown("agent", `cannot tell whether an agent runs: ${agent.message}`, agent.remedy)];
  if (agent.kind !== "answer") return [broken("agent", agent.message, agent.remedy)];
  const { pid, uptime, configFile, failures, faults = [], obstacle } = agent.value;
  const other = configFile === file ? [] : [note("agent", `the running agent uses ${configFile}, not ${file}`)];
  const thrown = Object.entries(failures).map(([where, count]) =>
    broken("agent", `internal error in ${where}, ${count} times`, "report this as a bug, with the message in the log"),
  );
  const silenced = obstacle === undefined ? [] : [broken("agent", `nothing is sent: ${obstacle}`, REMEDY)];
  const others = [...other, ...thrown, ...faults.map(faultOf), ...silenced];
  return [ok("agent", `process ${pid} answers, up ${duration(uptime)}`), ...others];
}

/** Errors because of which counters are missing; the others may be about one file. */
const LOSING = ["EMFILE", "ENFILE", "ENOMEM", "EIO"];
/** Seconds after which an error that has not returned is only a note. */
const RECENT = 600;

function faultOf({ code, message, remedy, count, age }: FaultReport): Finding {
  const said = `${message}, ${count} times, last ${duration(age)} ago`;
  return age < RECENT && LOSING.includes(code) ? broken("agent", said, remedy) : note("agent", said, remedy);
}
