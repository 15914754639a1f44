// Going to the background: the launcher waits until the agent runs, so that a wrong configuration is its exit code too.
// daemon(7).

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

/** Set in the environment of the process that is the daemon, to the descriptor on which it reports that it runs. */
const READY = "HSFLOWD_READY_FD";
const READY_FD = 3;

export const isDaemon = (env: Readonly<Record<string, string | undefined>>): boolean => env[READY] !== undefined;

/** Tells the launcher that the agent runs; from here on nobody reads the standard streams. */
export function reportReady(env: Record<string, string | undefined>): void {
  const fd = Number(env[READY]);
  delete env[READY];
  // Once the launcher has gone, a word on stderr is refused, which must not end the agent.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  writeSync(fd, "ready\n");
  closeSync(fd);
}

/**
 * Starts this program once more in a session of its own. Resolves to the exit code for the launcher: 0 when the daemon
 * reported that it runs, its own code when it ended before. What it says until then appears on the launcher's stderr.
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

/** Where sockets are by default: an agent that may not write beside it makes and removes them here. */
const RUN_FOLDER = "/run/hsflowd";

/** systemd makes it, and elsewhere the agent. One that cannot is told by who wants a socket there. */
export function makeRunFolder(): void {
  try {
    mkdirSync(RUN_FOLDER);
    chmodSync(RUN_FOLDER, 0o755);
  } catch {
    // It is there, or its absence is said later.
  }
}

export function giveRunFolder({ uid, gid }: { readonly uid: number; readonly gid: number }): void {
  try {
    chownSync(RUN_FOLDER, uid, gid);
  } catch {
    // A socket that is wanted there later is not to be had, and whoever wants it says so.
  }
}

/** Of the program or of its script, whatever ran it. */
const OUR_NAME = /(^|\/)hsflowd(\.js)?$/;

/** The agent that holds the pid file, if it lives; a file whose number another program has by now is nobody's. */
export function runningPid(path: string): number | undefined {
  if (!existsSync(path)) return undefined;
  const pid = Number.parseInt(readFileSync(path, "utf8"), 10);
  if (!(pid > 0) || pid === process.pid) return undefined;
  return commandLine(pid).some((word) => OUR_NAME.test(word)) ? pid : undefined;
}

/** Empty where there is no such process. */
function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}

export interface PidFile {
  write(): void;
  /** Empties it where it may not be removed: an empty one is nobody's. */
  remove(): void;
}

/**
 * Opened while the agent may, and written when it runs. Throws the system's error where the folder does not exist or
 * may not be written.
 */
export function openPidFile(path: string): PidFile {
  const fd = openSync(path, "w");
  return {
    write: () => void writeSync(fd, `${process.pid}\n`, 0),
    remove() {
      // Who wants none names /dev/null, which stays.
      if (!fstatSync(fd).isFile()) return;
      try {
        rmSync(path, { force: true });
      } catch {
        ftruncateSync(fd);
      }
    },
  };
}
