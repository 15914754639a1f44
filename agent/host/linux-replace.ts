// Replaces a file atomically: writes a new file beside it and renames the new one. See rename(2).

import { closeSync, fchmodSync, openSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { codeOf } from "./error-code.ts";

/**
 * Returns the descriptor of the new file, open for writing. Its mode does not depend on the umask. Throws the error of
 * the system, and then leaves the old file unchanged.
 */
export function replaceFile(path: string, bytes: string | Uint8Array, mode: number): number {
  const temporary = `${path}.${process.pid}.tmp`;
  removeFile(temporary);
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

/** Removes a file, if it exists. Throws the error of the system. rmSync would make further system calls. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

/** Removes a file. Ignores errors. */
export function removeQuietly(path: string): void {
  try {
    removeFile(path);
  } catch {
    // The caller reports the error because of which it removes the file.
  }
}
