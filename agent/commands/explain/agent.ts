// Which address names this host and why: all candidates, the elected one first. SFLOW-MIB sFlowAgentAddress.

import type { Configuration } from "../../configuration.ts";
import { preferenceOf } from "../../election.ts";
import type { Files } from "../../host/host.ts";
import { rankAgentAddresses } from "../../interfaces/agent-address.ts";
import { showAddress } from "../../sflow/address.ts";
import { columns } from "../columns.ts";
import type { Survey } from "../survey.ts";

export interface AgentExplanation {
  /** The address in force: of the running agent, or as it would be elected now. */
  readonly address: string | undefined;
  readonly why: string;
  readonly candidates: readonly RankedAddress[];
}

export interface RankedAddress {
  readonly address: string;
  readonly device: string;
  /** A negative score is never elected. */
  readonly score: number;
  readonly why: readonly string[];
}

function ranking({ interfaces }: Survey, files: Files, { sflow }: Configuration): RankedAddress[] {
  return rankAgentAddresses(interfaces.all(), preferenceOf(files, sflow)).map(({ bytes, device, score, why }) => ({
    address: showAddress(bytes),
    device,
    score,
    why,
  }));
}

/** Undefined where there is no configuration to go by. */
export function explainAgent(survey: Survey, files: Files): AgentExplanation | undefined {
  const { configuration, agent, file } = survey;
  if (configuration === undefined) return undefined;
  const candidates = ranking(survey, files, configuration);
  const running = agent.kind === "answer" ? agent.value.agentAddress : undefined;
  const { agentIP } = configuration.sflow;
  if (agentIP !== undefined) return { address: running?.address ?? agentIP, why: `agentIP in ${file}`, candidates };
  const [best] = candidates;
  if (best === undefined || best.score < 0)
    return { address: undefined, why: "no interface has an address that may be elected", candidates };
  const stale = running !== undefined && running.address !== best.address;
  if (stale) return { address: running.address, why: "the running agent has not elected anew yet", candidates };
  return { address: best.address, why: `${best.device}: ${best.why.join(", ")}`, candidates };
}

export function agentText({ address, why, candidates }: AgentExplanation): string {
  const rows = candidates.map((candidate) => [
    candidate.score < 0 ? "never" : String(candidate.score),
    candidate.address,
    candidate.device,
    candidate.why.join(", "),
  ]);
  const lines = [
    address === undefined ? `there is no agent address: ${why}` : `the agent address is ${address}: ${why}`,
    ...(rows.length === 0 ? [] : ["", ...columns([["score", "address", "interface", "why"], ...rows], 0)]),
  ];
  return `${lines.join("\n")}\n`;
}
