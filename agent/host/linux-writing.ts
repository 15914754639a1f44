// A file that others read, replaced by a new one; or written in place, where its folder may not be written any more.
// rename(2), open(2).

import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import type { Files } from "./host.ts";
import { replaceFile } from "./linux-replace.ts";

/** Set, not asked for: other programs read these files, whatever the umask of the shell that started the agent. */
const MODE = 0o644;

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "");

const FORBIDDEN = ["EACCES", "EPERM", "EROFS", "EBUSY"];

const isForbidden = (error: unknown): boolean => FORBIDDEN.includes(codeOf(error));

function explained(error: unknown, path: string, folder: string): unknown {
  if (!isForbidden(error)) return error;
  const code = codeOf(error);
  const remedy = "a file is replaced by a new one, so its folder must be writable and it must be no mount of its own";
  return Object.assign(new Error(`${path}: no file can be put in its place in ${folder} (${code}): ${remedy}`), {
    code,
    cause: error,
  });
}

/** Where the text lives, so that a link stays one: one of this user or of root, for others may link to any file. */
function targetOf(path: string): string {
  const link = lstatSync(path, { throwIfNoEntry: false });
  if (link?.isSymbolicLink() !== true || ![0, process.geteuid?.()].includes(link.uid)) return path;
  return resolve(dirname(path), readlinkSync(path));
}

/** /dev/null, as who wants no file names it, or a pipe: not ours to replace, nor to give another mode. */
function isSpecial(path: string): boolean {
  const file = lstatSync(path, { throwIfNoEntry: false });
  return file !== undefined && !file.isFile() && !file.isDirectory() && !file.isSymbolicLink();
}

/** A pipe that nobody reads is an error, and not waited for. */
function writeTo(device: string, text: string): void {
  const fd = openSync(device, constants.O_WRONLY | constants.O_NONBLOCK);
  try {
    writeFileSync(fd, text);
  } finally {
    closeSync(fd);
  }
}

function replace(path: string, text: string): void {
  const target = targetOf(path);
  if (isSpecial(target)) {
    writeTo(target, text);
    return;
  }
  try {
    closeSync(replaceFile(target, text, MODE));
  } catch (error) {
    throw explained(error, path, dirname(target));
  }
}

function open(path: string): number {
  const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants;
  const fd = openSync(targetOf(path), O_RDWR | O_CREAT | O_NOFOLLOW, MODE);
  fchmodSync(fd, MODE);
  return fd;
}

/**
 * One call for all of it, blank lines over what is left of a longer text; but a reader may still see half: hsflowd.auto
 * has its revision at both ends for that.
 */
function overwrite(fd: number, path: string, text: string): void {
  const { nlink, size } = fstatSync(fd);
  if (nlink === 0) throw new Error(`${path}: the file was replaced or removed: restart the agent`);
  const bytes = Buffer.from(text);
  const all = Buffer.concat([bytes, Buffer.alloc(Math.max(0, size - bytes.length), "\n")]);
  if (writeSync(fd, all, 0, all.length, 0) < all.length) throw new Error(`${path}: no space for the whole text`);
  ftruncateSync(fd, bytes.length);
}

/** Paths are those of this machine. */
export function makeWriting(): Pick<Files, "hold" | "write"> {
  const held = new Map<string, number>();
  return {
    hold(path) {
      try {
        if (!isSpecial(targetOf(path))) held.set(path, open(path));
      } catch {
        // Then a write will say why.
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
