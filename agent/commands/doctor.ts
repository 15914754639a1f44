// `hsflowd doctor`: checks everything between the kernel and the collectors, and prints the first fault with a remedy.

import type { Format, Where } from "../cli/parse-arguments.ts";
import type { Host } from "../host/host.ts";
import { jsonText, linesText, type Printable } from "../text/printable.ts";
import type { CommandAnswer } from "./answer.ts";
import { columns } from "./columns.ts";
import { checkAddress, checkAgent } from "./doctor/agent.ts";
import { checkBlocks } from "./doctor/blocks.ts";
import { checkCollectors } from "./doctor/collectors.ts";
import { checkConfiguration } from "./doctor/configuration.ts";
import { type Finding, firstOf } from "./doctor/finding.ts";
import { checkInterfaces } from "./doctor/interfaces.ts";
import { type Survey, survey } from "./survey.ts";

/** Checks causes before consequences, so an invalid file comes before the agent that did not start because of it. */
export const examine = async (found: Survey, host: Host): Promise<readonly Finding[]> => [
  ...checkConfiguration(found, host.files),
  ...(await checkAddress(found, host)),
  ...checkAgent(found),
  ...checkInterfaces(found, host),
  ...checkBlocks(found),
  ...(await checkCollectors(found, host)),
];

/**
 * Formats the findings: at the top the first failed check with its remedy, or else the first that could not tell, then
 * the results of all checks in order.
 */
export function doctorText(findings: readonly Finding[]): Printable {
  const first = firstOf(findings);
  const rows = columns(
    findings.map(({ state, link, message }) => [state, link, message]),
    0,
  );
  const head = first === undefined ? ["nothing is wrong"] : [first.message, ...remedyLine(first, 2)];
  const all = findings.flatMap((one, i) => [rows[i] ?? "", ...(one === first ? [] : remedyLine(one, 8))]);
  return linesText([...head, "", ...all]);
}

const remedyLine = ({ remedy }: Finding, indent: number): string[] =>
  remedy === undefined ? [] : [`${" ".repeat(indent)}remedy: ${remedy}`];

/** Runs the command. The exit code is 1 if a check has found a fault, or could not tell. */
export async function doctor(host: Host, where: Where, format: Format): Promise<CommandAnswer> {
  const found = await survey(host, where);
  try {
    const findings = await examine(found, host);
    const first = firstOf(findings);
    const text = format === "json" ? jsonText({ ok: first === undefined, first, findings }) : doctorText(findings);
    return { text, exitCode: first === undefined ? 0 : 1 };
  } finally {
    found.interfaces.stop();
  }
}
