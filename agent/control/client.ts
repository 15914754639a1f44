// The asking end of the control socket: every way it can go wrong has a name and a remedy. unix(7).

import { connect } from "node:net";
import { type Answer, PATIENCE, type Request, type Requests } from "./protocol.ts";

/**
 * `absent`: no such file. `dead`: a file, and nobody behind it. `forbidden`: not ours to open. `silent`: connected, and
 * no answer in time. `garbled`: an answer that is none. `refused`: the agent says no.
 */
export type Failure = "absent" | "dead" | "forbidden" | "silent" | "garbled" | "refused";

export type Outcome<T> =
  | { readonly kind: "answer"; readonly value: T }
  | { readonly kind: Failure; readonly message: string; readonly remedy: string };

export type Failed = Exclude<Outcome<never>, { readonly kind: "answer" }>;

const START = "start it: systemctl start hsflowd";

const silent = (path: string, milliseconds: number): Failed => ({
  kind: "silent",
  message: `the agent behind ${path} does not answer${milliseconds > 0 ? ` within ${milliseconds / 1000} s` : ""}`,
  remedy: "it hangs or is stopped: see its log, then systemctl restart hsflowd",
});

/** What connect(2) says, in words. EAGAIN: so many wait already that the agent does not even accept. */
function unreachable(path: string, { code = "", message }: NodeJS.ErrnoException): Failed {
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return { kind: "absent", message: `no agent is running: there is no ${path}`, remedy: START };
    case "ECONNREFUSED":
      return { kind: "dead", message: `no agent is running: ${path} was left by one that has ended`, remedy: START };
    case "EACCES":
    case "EPERM":
      return { kind: "forbidden", message: `${path} may not be opened by this user`, remedy: "ask as root" };
    case "EAGAIN":
      return silent(path, 0);
    default:
      return { kind: "garbled", message: `${path}: ${message}`, remedy: "name the right one with --control-socket" };
  }
}

const garbled = (path: string): Failed => ({
  kind: "garbled",
  message: `what answers behind ${path} is no hsflowd of this version`,
  remedy: "restart the agent after an upgrade, or name the right socket with --control-socket",
});

function read<R extends Request>(path: string, text: string): Outcome<Requests[R]> {
  try {
    const said = JSON.parse(text) as Partial<Extract<Answer, { ok: true }>> | Extract<Answer, { ok: false }> | null;
    if (said?.ok === true && typeof said.answer === "object")
      return { kind: "answer", value: said.answer as Requests[R] };
    if (said?.ok === false && typeof said.error === "string")
      return { kind: "refused", message: said.error, remedy: "see the agent's log" };
  } catch {
    // Falls through: half an answer is none.
  }
  return garbled(path);
}

/** Never rejects and always ends: after `patience` milliseconds without an answer, whatever the agent does. */
export function ask<R extends Request>(path: string, request: R, patience = PATIENCE): Promise<Outcome<Requests[R]>> {
  return new Promise((resolve) => {
    let text = "";
    const end = (outcome: Outcome<Requests[R]>): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const socket = connect(path, () => socket.write(`${JSON.stringify({ request })}\n`));
    const timer = setTimeout(() => end(silent(path, patience)), patience);
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      text += chunk;
    });
    socket.once("end", () => end(read<R>(path, text)));
    socket.once("error", (error) => end(unreachable(path, error)));
  });
}
