// `hsflowd status`: shows the state and the counters of the running agent. The exit code is 1 if no agent answers.

import type { Format } from "../cli/parse-arguments.ts";
import { jsonText } from "../text/printable.ts";
import { type CommandAnswer, unanswered } from "./answer.ts";
import { askAgent } from "./ask-agent.ts";
import { type StatusOptions, statusText } from "./status/text.ts";

export async function status(controlSocket: string, format: Format, options: StatusOptions): Promise<CommandAnswer> {
  const outcome = await askAgent(controlSocket, "status");
  if (outcome.kind === "answer") {
    return { text: format === "json" ? jsonText(outcome.value) : statusText(outcome.value, options), exitCode: 0 };
  }
  return format === "json" ? { text: jsonText({ error: outcome }), exitCode: 1 } : unanswered(outcome);
}
