// Follows symbolic links of root and of the agent's user only: a link of another user could name any file, which root
// would then overwrite. See path_resolution(7) and open(2), O_NOFOLLOW.

import { constants, lstatSync, openSync, readlinkSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { codeOf } from "./error-code.ts";

/** Largest number of links to follow, as in the kernel. */
const MOST_LINKS = 40;
/** Links that the kernel itself resolves, such as /proc/self/fd/1 behind /dev/stdout. */
const OF_THE_KERNEL = /^\/proc\//;

/** Returns the target of a link of root or of this user; undefined for any other file. */
function targetOf(path: string): string | undefined {
  const link = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  if (link?.isSymbolicLink() !== true || ![0, process.getuid?.()].includes(Number(link.uid))) return undefined;
  const target = readlinkSync(path);
  const now = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  // A link of another user may have taken its place before it was read.
  return now?.ino === link.ino && now.ctimeNs === link.ctimeNs ? resolve(dirname(path), target) : undefined;
}

/** Returns the path to which trusted links lead. Returns a link of another user itself. */
export function ownTarget(path: string): string {
  let at = path;
  for (let i = 0; i < MOST_LINKS && !OF_THE_KERNEL.test(at); i++) {
    const target = targetOf(at);
    if (target === undefined) return at;
    at = target;
  }
  return at;
}

/** Opens a file like open(2), but follows trusted links only. Throws the error of the system. */
export function openOwn(path: string, flags: number, mode: number): number {
  const target = ownTarget(path);
  try {
    return openSync(target, OF_THE_KERNEL.test(target) ? flags : flags | constants.O_NOFOLLOW, mode);
  } catch (error) {
    if (codeOf(error) !== "ELOOP") throw error;
    throw new Error(`${path} is a symbolic link of another user: remove it, or choose another path`, { cause: error });
  }
}
