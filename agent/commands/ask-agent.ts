// Asks the running agent, and checks its answer before a command reads it.

import packageJson from "../../package.json" with { type: "json" };
import { ask, garbled, type Outcome } from "../control/client.ts";
import { type Request, type Requests, TIMEOUT_MS } from "../control/protocol.ts";
import { hasShape, SHAPES } from "./answer-shape.ts";

/** Returns the version that an answer names, if it is another one. */
function otherVersion(answer: unknown): string | undefined {
  const version = (answer as { version?: unknown } | null)?.version;
  return typeof version === "string" && version !== packageJson.version ? version : undefined;
}

/** Sends a request. Never rejects. An answer without the members that the commands read becomes a failure. */
export async function askAgent<R extends Request>(
  path: string,
  request: R,
  timeout = TIMEOUT_MS,
): Promise<Outcome<Requests[R]>> {
  const outcome = await ask(path, request, timeout);
  if (outcome.kind !== "answer" || hasShape(outcome.value, SHAPES[request])) return outcome;
  return garbled(path, otherVersion(outcome.value));
}
