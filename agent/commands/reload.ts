// `hsflowd reload`: makes the running agent read its configuration again. The exit code is 1 if the file is rejected,
// or if a block does not work, for example because the agent has dropped a privilege.

import { linesText, NO_TEXT } from "../text/printable.ts";
import { type CommandAnswer, unanswered } from "./answer.ts";
import { askAgent } from "./ask-agent.ts";

/** Longest wait for the reply. The agent replies when the new configuration is in force, after loading new blocks. */
const TIMEOUT_MS = 10_000;

export async function reload(controlSocket: string): Promise<CommandAnswer> {
  const outcome = await askAgent(controlSocket, "reload", TIMEOUT_MS);
  if (outcome.kind !== "answer") return unanswered(outcome);
  const { ok, text, lacking } = outcome.value;
  const lines = text.trimEnd().split("\n");
  if (ok && lacking.length === 0) return { text: linesText(lines), exitCode: 0 };
  if (ok) return { text: linesText(lines), problem: linesText(lacking.map((line) => `hsflowd: ${line}`)), exitCode: 1 };
  const refused = "hsflowd: not reloaded: the previous configuration stays in force";
  return { text: NO_TEXT, problem: linesText([...lines, refused]), exitCode: 1 };
}
