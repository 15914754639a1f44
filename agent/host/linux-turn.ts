// Lets processes that check and then change files of one folder do so one after the other. See flock(2).

import { closeSync, openSync } from "node:fs";
import { loadShim } from "../../native-shim/load.ts";

/** Longest wait in milliseconds. Any user who may list the folder can lock it, so a lock must not prevent a start. */
const LONGEST = 1000;
const RETRY = 10;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

function openFolder(folder: string): number | undefined {
  try {
    return openSync(folder, "r");
  } catch {
    return undefined;
  }
}

/** Waits for the lock of a folder. Gives up after a second, and if the file system has no locks. */
async function untilLocked(fd: number): Promise<void> {
  const sockets = loadShim();
  const end = performance.now() + LONGEST;
  try {
    while (!sockets.lock(fd) && performance.now() < end) await pause(RETRY);
  } catch {
    // Without locks, processes are rarely started at the same moment.
  }
}

/** Calls `act` while no other process does the same for this folder. If the folder cannot be opened, `act` reports it. */
export async function inTurn<T>(folder: string, act: () => T | Promise<T>): Promise<T> {
  const fd = openFolder(folder);
  if (fd === undefined) return act();
  try {
    await untilLocked(fd);
    return await act();
  } finally {
    closeSync(fd);
  }
}
