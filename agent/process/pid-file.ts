// The pid file of a daemon. Agents that start at the same moment open it in turn, so only one of them runs. See
// hsflowd(8), -p.

import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { openOwn, ownTarget } from "../host/linux-own-path.ts";
import { removeFile } from "../host/linux-replace.ts";
import { inTurn } from "../host/linux-turn.ts";

/** Matches an argument that is the path of the program or of its script, which any interpreter may run. */
const OUR_NAME = /(^|\/)hsflowd(\.js)?$/;
/** More bytes than a process id has. */
const LONGEST = 32;
/** Attempts at opening, if an agent that ends removes its file at the same moment. */
const ATTEMPTS = 100;

/**
 * Returns the process id in the pid file, if that process is an agent. Returns undefined if the process has ended or
 * another program has the id now.
 */
export function runningPid(path: string): number | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    return agentIn(fd);
  } finally {
    closeSync(fd);
  }
}

function agentIn(fd: number): number | undefined {
  if (!fstatSync(fd).isFile()) return undefined;
  const bytes = Buffer.alloc(LONGEST);
  const pid = Number.parseInt(bytes.toString("latin1", 0, readSync(fd, bytes, 0, LONGEST, 0)), 10);
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

/** The pid file of this process. */
export interface PidFile {
  /**
   * Removes the file, unless another process has replaced it. If the folder does not allow that, empties the file:
   * `runningPid` ignores an empty file.
   */
  remove(): void;
}

export const alreadyRunning = (pid: number, path: string): string => `already running as process ${pid} (${path})`;

/**
 * Writes the id of this process to the pid file. Rejects with `alreadyRunning` if the file belongs to a running agent,
 * unless `second` is true, and with the error of the system if the file cannot be written.
 */
export const takePidFile = (path: string, second: boolean): Promise<PidFile> =>
  inTurn(dirname(path), () => {
    for (let attempt = 1; ; attempt++) {
      const fd = openOwn(path, constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK, 0o666);
      const other = second ? undefined : agentIn(fd);
      if (other !== undefined) throw new Error(alreadyRunning(other, path));
      // `-p /dev/null` means "no pid file": leave the device alone.
      if (!fstatSync(fd).isFile()) return { remove: () => undefined };
      ftruncateSync(fd);
      writeSync(fd, `${process.pid}\n`, 0);
      if (isAt(fd, path) || attempt === ATTEMPTS) return { remove: () => remove(fd, path) };
      closeSync(fd);
    }
  });

/** Tells whether the path, or the link there, still leads to the open file. */
function isAt(fd: number, path: string): boolean {
  const [open, found] = [fstatSync(fd), lstatSync(ownTarget(path), { throwIfNoEntry: false })];
  return found?.dev === open.dev && found.ino === open.ino;
}

function remove(fd: number, path: string): void {
  try {
    if (isAt(fd, path)) removeFile(path);
  } catch {
    ftruncateSync(fd);
  }
}
