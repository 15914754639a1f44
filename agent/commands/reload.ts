// `hsflowd reload`: asks the running agent to read its configuration again. Exit code 1 where the one in force stays,
// and where blocks of the new one lack what the agent has given up.

import { ask } from "../control/client.ts";
import { type CommandAnswer, unanswered } from "./answer.ts";

/**
 * The agent answers when the new configuration is in force, which a module that is loaded for the first time delays.
 */
const PATIENCE_MS = 10_000;

export async function reload(controlSocket: string): Promise<CommandAnswer> {
  const outcome = await ask(controlSocket, "reload", PATIENCE_MS);
  if (outcome.kind !== "answer") return unanswered(outcome);
  const { ok, text, lacking } = outcome.value;
  const said = text.endsWith("\n") ? text : `${text}\n`;
  if (ok && lacking.length === 0) return { text: said, exitCode: 0 };
  if (ok) return { text: said, problem: lacking.map((line) => `hsflowd: ${line}\n`).join(""), exitCode: 1 };
  return { text: "", problem: `${said}hsflowd: not reloaded: the configuration in force stays\n`, exitCode: 1 };
}
