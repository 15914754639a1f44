// Writes files that other programs read: replaces them, or overwrites them in place if the folder is not writable.
// See rename(2) and open(2).

import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { codeOf } from "./error-code.ts";
import type { Files } from "./host.ts";
import { openOwn, ownTarget } from "./linux-own-path.ts";
import { replaceFile } from "./linux-replace.ts";

/** The mode of written files, independent of the agent's umask, because other programs read the files. */
const MODE = 0o644;

const FORBIDDEN = ["EACCES", "EPERM", "EROFS", "EBUSY"];

const isForbidden = (error: unknown): boolean => FORBIDDEN.includes(codeOf(error) ?? "");

function explain(error: unknown, path: string, folder: string): unknown {
  if (!isForbidden(error)) return error;
  const code = codeOf(error);
  const remedy = "a new file replaces the old one, so the folder must be writable and the file must not be a mount";
  return Object.assign(new Error(`${path}: cannot create a file in ${folder} (${code}): ${remedy}`), {
    code,
    cause: error,
  });
}

/**
 * Tells whether a path is a device or a pipe, such as /dev/null for "no file". These are neither replaced nor changed.
 */
function isSpecial(path: string): boolean {
  const file = lstatSync(path, { throwIfNoEntry: false });
  return file !== undefined && !file.isFile() && !file.isDirectory() && !file.isSymbolicLink();
}

/** Writes to a device or pipe. Throws for a pipe without a reader, instead of waiting for a reader. */
function writeTo(device: string, text: string): void {
  const fd = openSync(device, constants.O_WRONLY | constants.O_NONBLOCK);
  try {
    writeFileSync(fd, text);
  } finally {
    closeSync(fd);
  }
}

function replace(path: string, text: string): void {
  const target = ownTarget(path);
  if (isSpecial(target)) {
    writeTo(target, text);
    return;
  }
  try {
    closeSync(replaceFile(target, text, MODE));
  } catch (error) {
    throw explain(error, path, dirname(target));
  }
}

function open(path: string): number {
  const fd = openOwn(path, constants.O_RDWR | constants.O_CREAT, MODE);
  fchmodSync(fd, MODE);
  return fd;
}

/**
 * Overwrites a file in one call. If the old text was longer, blank lines replace its end. A reader may see half-written
 * text; it can tell, because hsflowd.auto has its revision at both ends.
 */
function overwrite(fd: number, path: string, text: string): void {
  const { nlink, size } = fstatSync(fd);
  if (nlink === 0)
    throw new Error(`${path}: the file was replaced or removed, so it cannot be updated: restart the agent`);
  const bytes = Buffer.from(text);
  const all = Buffer.concat([bytes, Buffer.alloc(Math.max(0, size - bytes.length), "\n")]);
  if (writeSync(fd, all, 0, all.length, 0) < all.length) throw new Error(`${path}: no space left for the whole text`);
  ftruncateSync(fd, bytes.length);
}

/** Returns functions that write files. Paths are absolute paths of this machine, not below a root. */
export function makeWriting(): Pick<Files, "hold" | "write"> {
  const held = new Map<string, number>();
  return {
    hold(path) {
      try {
        if (!isSpecial(ownTarget(path))) held.set(path, open(path));
      } catch {
        // A later write reports the error.
      }
    },
    write(path, text) {
      try {
        replace(path, text);
      } catch (error) {
        const fd = held.get(path);
        if (fd === undefined || !isForbidden(error)) throw error;
        overwrite(fd, path, text);
      }
    },
  };
}
