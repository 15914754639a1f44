// Starts the agent in the background. The launcher waits until the agent runs, so that the exit code of the launcher
// reports an invalid configuration. See daemon(7).

import { spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";

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
  const child = spawn(process.execPath, [...process.execArgv, ...argv], {
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
const RUN_FOLDER = "/run/hsflowd";

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

/** Matches an argument that is the path of the program or of its script, which any interpreter may run. */
const OUR_NAME = /(^|\/)hsflowd(\.js)?$/;

/**
 * Returns the process id in the pid file, if that process is an agent. Returns undefined if the process has ended or
 * another program has the id now.
 */
export function runningPid(path: string): number | undefined {
  if (!existsSync(path)) return undefined;
  const pid = Number.parseInt(readFileSync(path, "utf8"), 10);
  if (!(pid > 0) || pid === process.pid) return undefined;
  return commandLine(pid).some((argument) => OUR_NAME.test(argument)) ? pid : undefined;
}

/** Returns the arguments of a process; empty if there is no such process. */
function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}

/** An open pid file. */
export interface PidFile {
  write(): void;
  /** Empties the file if the folder does not allow its removal: `runningPid` ignores an empty file. */
  remove(): void;
}

/**
 * Opens the pid file while the agent still has the permission. `write` writes the process id when the agent runs.
 * Throws the system's error if the folder is missing or not writable.
 */
export function openPidFile(path: string): PidFile {
  const fd = openSync(path, "w");
  return {
    write: () => void writeSync(fd, `${process.pid}\n`, 0),
    remove() {
      // `-p /dev/null` means "no pid file": leave the device alone.
      if (!fstatSync(fd).isFile()) return;
      try {
        rmSync(path, { force: true });
      } catch {
        ftruncateSync(fd);
      }
    },
  };
}
