// Going to the background. The launcher waits until the agent runs, so that its exit code reports a wrong
// configuration. daemon(7).

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

/** Environment variable of the daemon process: the descriptor on which it reports that it runs. */
const READY = "HSFLOWD_READY_FD";
const READY_FD = 3;

export const isDaemon = (env: Readonly<Record<string, string | undefined>>): boolean => env[READY] !== undefined;

/** Reports to the launcher that the agent runs. From here on no one reads the standard streams. */
export function reportReady(env: Record<string, string | undefined>): void {
  const fd = Number(env[READY]);
  delete env[READY];
  // Writing to stderr fails once the launcher has exited; that must not end the agent.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  writeSync(fd, "ready\n");
  closeSync(fd);
}

/**
 * Starts this program again in a session of its own. Resolves to the exit code of the launcher: 0 when the daemon
 * reports that it runs, or the daemon's own code if it ends before. Until then the daemon's stderr goes to the
 * launcher's.
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

/** Default folder of sockets and of the state file. The agent owns it, so it can remove them without root. */
const RUN_FOLDER = "/run/hsflowd";

/** Creates the run folder, unless systemd has done so. If it is missing, opening a socket there reports it. */
export function makeRunFolder(): void {
  try {
    mkdirSync(RUN_FOLDER);
    chmodSync(RUN_FOLDER, 0o755);
  } catch {
    // Exists already, or opening a socket there reports the reason.
  }
}

/** Gives the run folder to the user that the agent is about to become. */
export function chownRunFolder({ uid, gid }: { readonly uid: number; readonly gid: number }): void {
  try {
    chownSync(RUN_FOLDER, uid, gid);
  } catch {
    // Opening a socket there later reports the reason.
  }
}

/** Matches the path of the program or of its script, whatever interpreter runs it. */
const OUR_NAME = /(^|\/)hsflowd(\.js)?$/;

/**
 * Returns the process id in the pid file, if an agent runs under it. Ignores the number if another program has it by
 * now.
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

export interface PidFile {
  write(): void;
  /** Empties the file if the folder does not allow its removal: `runningPid` ignores an empty file. */
  remove(): void;
}

/**
 * Opens the pid file while the agent still has the permission; `write` fills it when the agent runs. Throws the
 * system's error if the folder is missing or not writable.
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
