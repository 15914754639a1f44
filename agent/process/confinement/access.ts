// The files and TCP ports that a confined agent may use. See landlock.ts.

import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import type { RunOptions } from "../../cli/flags.ts";
import { ownTarget } from "../../host/linux-own-path.ts";
import { RUN_FOLDER } from "../daemon.ts";
import type { Access } from "./landlock.ts";

/** Counters, name services, and the libraries that name services and libpcap load when they are used. */
const SYSTEM = ["/dev", "/etc", "/lib", "/lib64", "/proc", "/run", "/sys", "/usr"];
const NULL = "/dev/null";

/** Ports for DNS by TCP, and of engines that a reload may bring. UDP is not restricted. */
const PORTS = [53, 2375, 2376];

type Files = Pick<RunOptions, "configFile" | "debugFile" | "logFile" | "outputFile" | "replay">;

function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Returns the folders of the file and of its target, in which an editor replaces it. */
const foldersOf = (path: string | undefined): string[] =>
  path === undefined ? [] : [dirname(path), dirname(resolved(path))];

/**
 * `program` is the path of hsflowd.js. The folder above it has the packages of a checkout. `ports` are those that blocks
 * connect to, and `files` those that they read.
 */
export function accessOf(
  { configFile, debugFile, logFile, outputFile, replay }: Files,
  program: string,
  ports: readonly number[] = [],
  files: readonly string[] = [],
): Access {
  const checkout = dirname(dirname(resolved(program)));
  // A checkout that the user cannot enter is left out: its code was loaded at the start.
  const code = [checkout, resolved(join(checkout, "node_modules"))].filter((path) => existsSync(path));
  const output = ownTarget(outputFile);
  return {
    read: [
      ...SYSTEM,
      ...code,
      ...foldersOf(configFile),
      ...foldersOf(debugFile),
      ...(replay === undefined ? [] : [replay]),
      ...files,
    ],
    write: [RUN_FOLDER, NULL, output, dirname(output), ...(logFile === undefined ? [] : [dirname(logFile)])],
    ports: [...new Set([...PORTS, ...ports])],
  };
}
