// Reads the sizes of file systems: in one of Node's threads, or in a child process if a file system may never answer.
// See statfs(2).

import { readSync, statfs } from "node:fs";
import { promisify } from "node:util";
import type { Shim } from "../../native-shim/shim.ts";
import { codeOf } from "./error-code.ts";
import type { FileSystemSize, Files } from "./host.ts";

/** Does not use node:fs/promises, because that makes Node load its code for terminals. */
const querySize = promisify(statfs);

/**
 * Computes sizes in bytes. Blocks are counted in fragments (f_frsize of statfs(2)), which newer versions of Node have.
 */
function sizeOf(found: { bsize: number; blocks: number; bavail: number; frsize?: number }): FileSystemSize {
  const block = found.frsize ?? found.bsize;
  return { total: found.blocks * block, available: found.bavail * block };
}

/** Members of struct statfs on 64-bit machines, as indices of 8 bytes, and their number. */
const STATFS = { bsize: 1, blocks: 2, bavail: 4, frsize: 9, words: 15 };

/** Asks in a child process. A child that hangs delays neither the agent nor its end. */
function querySizeApart(sockets: Shim, path: string): Promise<FileSystemSize | undefined> {
  const fd = sockets.statfs(path);
  return new Promise((resolve) => {
    sockets.watch(fd, () => {
      const words = new BigUint64Array(STATFS.words);
      const whole = readSync(fd, words) === words.byteLength;
      sockets.close(fd);
      const at = (index: number): number => Number(words[index]);
      const { bsize, blocks, bavail, frsize } = STATFS;
      resolve(
        whole ? sizeOf({ bsize: at(bsize), blocks: at(blocks), bavail: at(bavail), frsize: at(frsize) }) : undefined,
      );
    });
  });
}

/**
 * Returns a reader of sizes. A query that hangs occupies one of Node's four threads or a process, so there is at most
 * one query per mount point. While a query hangs, the size is undefined. `note` receives the code of each error.
 */
export function makeSize(
  below: (path: string) => string,
  sockets: () => Shim,
  note: (code: string | undefined, path: string) => void,
): Files["size"] {
  const pending = new Set<string>();
  return async (mountPoint, mayHang) => {
    if (pending.has(mountPoint)) return undefined;
    pending.add(mountPoint);
    try {
      const path = below(mountPoint);
      return await (mayHang ? querySizeApart(sockets(), path) : querySize(path).then(sizeOf));
    } catch (error) {
      note(codeOf(error), mountPoint);
      return undefined;
    } finally {
      pending.delete(mountPoint);
    }
  };
}
