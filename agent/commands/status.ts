// `hsflowd status`: what the running agent has done since it started. Exit code 1 where there is nobody to ask.

import type { Format } from "../cli.ts";
import { ask } from "../control/client.ts";
import { statusText } from "./status/text.ts";

export interface CommandAnswer {
  /** For stdout. */
  readonly text: string;
  /** For stderr. */
  readonly problem?: string;
  readonly exitCode: 0 | 1;
}

export const asJson = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

export async function status(controlSocket: string, format: Format): Promise<CommandAnswer> {
  const outcome = await ask(controlSocket, "status");
  if (outcome.kind === "answer") {
    return { text: format === "json" ? asJson(outcome.value) : statusText(outcome.value), exitCode: 0 };
  }
  if (format === "json") return { text: asJson({ error: outcome }), exitCode: 1 };
  return { text: "", problem: `hsflowd: ${outcome.message}; ${outcome.remedy}\n`, exitCode: 1 };
}
