// A long-running program in a namespace: its output, and its end.

import { type ChildProcess, spawn } from "node:child_process";
import { until } from "./command.ts";
import type { Namespace } from "./namespaces.ts";

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  /** Undefined while it runs. */
  ended(): Ended | undefined;
  readonly end: Promise<Ended>;
  /** Resolves when its output, on either stream, matches; rejects if it ends before. */
  says(pattern: RegExp): Promise<RegExpMatchArray>;
  kill(signal: NodeJS.Signals): void;
  /** Sends SIGTERM, and SIGKILL after `seconds`; returns how it ended. */
  stop(seconds?: number): Promise<Ended>;
}

export function start(
  namespace: Pick<Namespace, "command">,
  words: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Child {
  const [command, ...args] = namespace.command(...words);
  const process_ = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  const said = { stdout: "", stderr: "" };
  collect(process_, said);
  let ended: Ended | undefined;
  const end = new Promise<Ended>((resolve) => {
    process_.once("close", (code, signal) => {
      ended = { code, signal };
      resolve(ended);
    });
  });
  const evidence = () => `${words.join(" ")}\n${said.stdout}${said.stderr}`;
  return {
    pid: process_.pid ?? 0,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    ended: () => ended,
    end,
    says: (pattern) =>
      until(`${pattern} from ${words.slice(0, 3).join(" ")}`, () => spoken(pattern, said, ended), { evidence }),
    kill: (signal) => void process_.kill(signal),
    async stop(seconds = 10) {
      process_.kill("SIGTERM");
      const force = setTimeout(() => process_.kill("SIGKILL"), seconds * 1000);
      const how = await end;
      clearTimeout(force);
      return how;
    },
  };
}

function collect(process_: ChildProcess, said: { stdout: string; stderr: string }): void {
  for (const stream of ["stdout", "stderr"] as const) {
    process_[stream]?.setEncoding("utf8").on("data", (text: string) => {
      said[stream] += text;
    });
  }
}

function spoken(pattern: RegExp, said: { stdout: string; stderr: string }, ended: Ended | undefined) {
  const match = said.stdout.match(pattern) ?? said.stderr.match(pattern);
  if (match === null && ended !== undefined)
    throw new Error(`ended with ${ended.code ?? ended.signal}: ${said.stderr}`);
  return match ?? undefined;
}
