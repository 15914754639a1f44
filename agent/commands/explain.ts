// `hsflowd explain INTERFACE` and `hsflowd explain agent`: prints a decision of the agent and the reason for it.

import type { Format, Where } from "../cli/parse-arguments.ts";
import type { Host } from "../host/host.ts";
import { whyUnreadable } from "../host/why-unreadable.ts";
import { jsonText, linesText, NO_TEXT } from "../text/printable.ts";
import type { CommandAnswer } from "./answer.ts";
import { agentText, explainAgent } from "./explain/agent.ts";
import { explainInterface, interfaceText } from "./explain/interface.ts";
import { type Survey, survey } from "./survey.ts";

function explainSubject(subject: string, found: Survey, host: Host, format: Format): CommandAnswer {
  if (subject !== "agent") {
    const explanation = explainInterface(subject, found);
    const text = format === "json" ? jsonText(explanation) : interfaceText(explanation);
    return { text, exitCode: explanation.description === undefined ? 1 : 0 };
  }
  const explanation = explainAgent(found, host);
  if (explanation === undefined)
    return { text: NO_TEXT, problem: linesText([`hsflowd: ${whyNoConfiguration(found, host)}`]), exitCode: 1 };
  return { text: format === "json" ? jsonText(explanation) : agentText(explanation), exitCode: 0 };
}

function whyNoConfiguration({ file, text }: Survey, { files }: Host): string {
  if (text !== undefined) return `${file} has errors: run hsflowd check`;
  const why = whyUnreadable(files, file);
  return why === "permission denied" ? `cannot tell, ask as root: ${file}: ${why}` : `${file}: ${why}`;
}

/**
 * Runs the command. Without a running agent, explains by the file alone, and says that no agent is running. The exit
 * code is 1 if the interface does not exist, or if the file is invalid.
 */
export async function explain(host: Host, subject: string, where: Where, format: Format): Promise<CommandAnswer> {
  const found = await survey(host, where);
  try {
    return explainSubject(subject, found, host, format);
  } finally {
    found.interfaces.stop();
  }
}
