// Explains the agent address: all candidates with their scores, the elected address first. See sFlowAgentAddress in the
// SFLOW-MIB.

import { parseAddress } from "../../config/address.ts";
import type { Host } from "../../host/host.ts";
import { type Candidate, electedOf, namedInVain, rankAgentAddresses } from "../../interfaces/agent-address.ts";
import { preferenceOf } from "../../run/election.ts";
import { showAddress } from "../../sflow/address.ts";
import { linesText, type Printable } from "../../text/printable.ts";
import { columns } from "../columns.ts";
import { cannotTell, type Survey } from "../survey.ts";

/** The agent address, the reason for the choice, and the other candidates. */
export interface AgentExplanation {
  /** The address of the running agent, or the one that would be elected now. */
  readonly address: string | undefined;
  readonly why: string;
  /** A message about a setting in the file that has no effect, with the reason; undefined if all have an effect. */
  readonly problem: string | undefined;
  /** Why the address of the running agent is unknown; `address` is then the one that this file would lead to. */
  readonly cannotTell: string | undefined;
  readonly candidates: readonly RankedAddress[];
}

export interface RankedAddress {
  readonly address: string;
  readonly device: string;
  /** An address with a negative score is never elected. */
  readonly score: number;
  readonly why: readonly string[];
}

const ranked = ({ bytes, device, score, why }: Candidate): RankedAddress => ({
  address: showAddress(bytes),
  device,
  score,
  why,
});

type Verdict = Pick<AgentExplanation, "address" | "why">;

/** Explains an address that is set by agentIP. */
function given(agentIP: string, { agent, file }: Survey): Verdict {
  const running = agent.kind === "answer" ? agent.value.agentAddress : undefined;
  const numeric = parseAddress(agentIP);
  const isOther = numeric !== undefined && running !== undefined && running.address !== showAddress(numeric);
  if (isOther || running?.device !== undefined)
    return { address: running?.address, why: `${OLDER}; ${file} now has agentIP = ${agentIP}` };
  return { address: running?.address ?? agentIP, why: `agentIP in ${file}` };
}

const OLDER = "the running agent still uses an older file";

function elected(candidates: readonly Candidate[], { agent, file }: Survey): Verdict {
  const running = agent.kind === "answer" ? agent.value.agentAddress : undefined;
  if (running !== undefined && running.device === undefined)
    return { address: running.address, why: `${OLDER} with agentIP; ${file} now has no agentIP` };
  const best = electedOf(candidates);
  if (best === undefined) {
    const why = candidates.some(({ excluded }) => excluded)
      ? "agent.cidr excludes every address"
      : "no interface has a usable address";
    return { address: undefined, why };
  }
  const address = showAddress(best.bytes);
  if (running !== undefined && running.address !== address)
    return { address: running.address, why: "the running agent has not chosen its agent address again yet" };
  return { address, why: `${best.device}: ${best.why.join(", ")}` };
}

/** Returns undefined if there is no valid configuration. */
export function explainAgent(survey: Survey, { sockets }: Pick<Host, "sockets">): AgentExplanation | undefined {
  const { configuration, interfaces } = survey;
  if (configuration === undefined) return undefined;
  const { sflow } = configuration;
  const candidates = rankAgentAddresses(interfaces.all(), preferenceOf(sockets, sflow));
  const byFile = sflow.agentIP === undefined ? undefined : given(sflow.agentIP, survey);
  return {
    ...(byFile ?? elected(candidates, survey)),
    problem: byFile === undefined ? namedInVain(candidates, sflow.agent) : undefined,
    cannotTell: cannotTell(survey),
    candidates: candidates.map(ranked),
  };
}

function headline({ address, why, cannotTell }: AgentExplanation): string {
  if (cannotTell !== undefined)
    return `the agent address: ${cannotTell}; with this file, it would be ${address}: ${why}`;
  return address === undefined ? `there is no agent address: ${why}` : `the agent address is ${address}: ${why}`;
}

export function agentText(explanation: AgentExplanation): Printable {
  const { problem, candidates } = explanation;
  const rows = candidates.map((candidate) => [
    candidate.score < 0 ? "never" : String(candidate.score),
    candidate.address,
    candidate.device,
    candidate.why.join(", "),
  ]);
  const lines = [
    headline(explanation),
    ...(problem === undefined ? [] : [`  ${problem}`]),
    ...(rows.length === 0 ? [] : ["", ...columns([["score", "address", "interface", "why"], ...rows], 0)]),
  ];
  return linesText(lines);
}
