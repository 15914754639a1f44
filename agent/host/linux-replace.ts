// Replaces a file atomically: writes a new file beside it and renames the new one. See rename(2).

import { closeSync, fchmodSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * Returns the descriptor of the new file, open for writing. Its mode does not depend on the umask. Throws the error of
 * the system, and then leaves the old file unchanged.
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

/** Removes a file. Ignores errors. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The caller reports the error because of which it removes the file.
  }
}
