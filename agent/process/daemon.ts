// Starts the agent in the background. The launcher waits until the agent runs, so that the exit code of the launcher
// reports an invalid configuration. See daemon(7).

import { spawn } from "node:child_process";
import { chmodSync, chownSync, closeSync, mkdirSync, writeSync } from "node:fs";

import { guardedOptions } from "./debugger-guard.ts";

/** Environment variable with the descriptor on which the daemon reports to the launcher that it runs. */
const READY = "HSFLOWD_READY_FD";
const READY_FD = 3;

export const isDaemon = (env: Readonly<Record<string, string | undefined>>): boolean => env[READY] !== undefined;

/** Reports to the launcher that the agent runs. The launcher then exits, so no one reads the standard streams. */
export function reportReady(env: Record<string, string | undefined>): void {
  const fd = Number(env[READY]);
  delete env[READY];
  // Ignores errors of writing to stderr, which fails once the launcher has exited.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  writeSync(fd, "ready\n");
  closeSync(fd);
}

/**
 * Starts this program again in a session of its own, as the daemon. Resolves to the exit code for the launcher: 0 when
 * the daemon reports that it runs, or the exit code of the daemon if it ends before. Until then, copies stderr of the
 * daemon to stderr of the launcher.
 */
export function launch(argv: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [...guardedOptions(), ...argv], {
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    env: { ...process.env, [READY]: String(READY_FD) },
  });
  child.stderr?.pipe(process.stderr);
  const ready = child.stdio[READY_FD];
  const code = new Promise<number>((resolve) => {
    ready?.once("data", () => resolve(0));
    child.once("exit", (code) => resolve(code ?? 1));
    child.once("error", () => resolve(1));
  });
  return code.finally(() => {
    child.unref();
    child.stderr?.destroy();
    ready?.destroy();
  });
}

/**
 * Default folder of sockets and of the state file. The agent owns the folder, so it can remove files there without
 * root.
 */
export const RUN_FOLDER = "/run/hsflowd";

/** Creates the run folder, unless systemd has done so. Ignores errors: opening a socket in the folder reports them. */
export function makeRunFolder(): void {
  try {
    mkdirSync(RUN_FOLDER);
    chmodSync(RUN_FOLDER, 0o755);
  } catch {
    // The folder exists already, or opening a socket in it reports the reason.
  }
}

/** Gives the run folder to the user that the agent is about to become. */
export function chownRunFolder({ uid, gid }: { readonly uid: number; readonly gid: number }): void {
  try {
    chownSync(RUN_FOLDER, uid, gid);
  } catch {
    // Opening a socket in the folder reports the reason later.
  }
}
