// The client end of the control socket: sends a request, and explains each possible failure with a remedy. See unix(7).

import { connect } from "node:net";
import { ANSWER_LENGTH, type Answer, type Request, type Requests, TIMEOUT_MS } from "./protocol.ts";

/**
 * The kind of a failure. `absent`: there is no socket. `dead`: the socket exists, but no process listens on it.
 * `forbidden`: permission denied. `silent`: no answer in time. `garbled`: the answer is not valid. `refused`: the agent
 * refused the request.
 */
export type Failure = "absent" | "dead" | "forbidden" | "silent" | "garbled" | "refused";

export type Outcome<T> =
  | { readonly kind: "answer"; readonly value: T }
  | { readonly kind: Failure; readonly message: string; readonly remedy: string };

export type Failed = Exclude<Outcome<never>, { readonly kind: "answer" }>;

const START = "start the agent: systemctl start hsflowd";

const silent = (path: string, milliseconds: number): Failed => ({
  kind: "silent",
  message: `the agent behind ${path} does not answer${milliseconds > 0 ? ` within ${milliseconds / 1000} s` : ""}`,
  remedy: "the agent hangs or is suspended: see its log, then run systemctl restart hsflowd",
});

const hungUp = (path: string): Failed => ({
  kind: "refused",
  message: `the agent behind ${path} closed the connection without an answer`,
  remedy: "it has too many connections, or no file descriptor is left for it: see its log",
});

/** Explains an error of connect(2). EAGAIN means that the agent accepts no connections, so their queue is full. */
function unreachable(path: string, { code = "", message }: NodeJS.ErrnoException): Failed {
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return { kind: "absent", message: `no agent is running: there is no ${path}`, remedy: START };
    case "ECONNREFUSED":
      return {
        kind: "dead",
        message: `no agent is running: ${path} is left from an agent that has ended`,
        remedy: START,
      };
    case "EACCES":
    case "EPERM":
      return { kind: "forbidden", message: `${path}: permission denied`, remedy: "ask as root or as group hsflowd" };
    case "EAGAIN":
      return silent(path, 0);
    case "EPIPE":
    case "ECONNRESET":
      return hungUp(path);
    default:
      return {
        kind: "garbled",
        message: `${path}: ${message}`,
        remedy: "set the path of the agent's socket with --control-socket",
      };
  }
}

/** Explains an answer that makes no sense. `version` is that of the agent, if it differs from this program's. */
export const garbled = (path: string, version?: string): Failed => ({
  kind: "garbled",
  message:
    version === undefined
      ? `the process behind ${path} is not hsflowd, or is another version of hsflowd`
      : `the agent behind ${path} is hsflowd ${version}, another version than this program`,
  remedy: "restart the agent after an upgrade, or set the path of its socket with --control-socket",
});

function read<R extends Request>(path: string, text: string): Outcome<Requests[R]> {
  try {
    const reply = JSON.parse(text) as Partial<Extract<Answer, { ok: true }>> | Extract<Answer, { ok: false }> | null;
    if (reply?.ok === true && typeof reply.answer === "object")
      return { kind: "answer", value: reply.answer as Requests[R] };
    if (reply?.ok === false && typeof reply.error === "string")
      return { kind: "refused", message: reply.error, remedy: "see the agent's log" };
  } catch {
    // The answer is not JSON, for example because the connection was closed in the middle of it.
  }
  return garbled(path);
}

/** Sends a request. Never rejects, and resolves after `timeout` milliseconds at the latest. */
export function ask<R extends Request>(path: string, request: R, timeout = TIMEOUT_MS): Promise<Outcome<Requests[R]>> {
  return new Promise((resolve) => {
    let text = "";
    const end = (outcome: Outcome<Requests[R]>): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const socket = connect(path, () => socket.write(`${JSON.stringify({ request })}\n`));
    const timer = setTimeout(() => end(silent(path, timeout)), timeout);
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      text += chunk;
      if (text.length > ANSWER_LENGTH) end(garbled(path));
    });
    socket.once("end", () => end(text === "" ? hungUp(path) : read<R>(path, text)));
    socket.once("error", (error) => end(unreachable(path, error)));
  });
}
