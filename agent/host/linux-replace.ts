// A file replaced by a new one that is whole when it takes the old one's place. rename(2).

import { closeSync, fchmodSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * Written beside the old one, then given its name; the descriptor is the new one's, open for writing. Its mode does not
 * depend on the umask. Throws the system's error, and then the old one is as it was.
 */
export function replaceFile(path: string, bytes: string | Uint8Array, mode: number): number {
  const temporary = `${path}.${process.pid}.tmp`;
  rmSync(temporary, { force: true });
  const fd = openSync(temporary, "wx", mode);
  try {
    fchmodSync(fd, mode);
    writeFileSync(fd, bytes);
    renameSync(temporary, path);
    return fd;
  } catch (error) {
    closeSync(fd);
    removeQuietly(temporary);
    throw error;
  }
}

/** Where it can be removed. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // What went wrong before is what callers tell.
  }
}
