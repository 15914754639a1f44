// Warns of a configuration file that a reload could not read, with the commands that change this.

import type { Host } from "../host/host.ts";
import { whyUnreadable } from "../host/why-unreadable.ts";
import type { Logger } from "../log/logger.ts";
import { type Chain, commandsFor } from "./reach.ts";

/**
 * Warns if the process, whose user is no longer root, cannot read a file. `chain` was noted as root, who sees what this
 * user cannot.
 */
export function warnUnreadable({ files }: Pick<Host, "files">, file: string, chain: Chain, log: Logger): void {
  if (files.read(file) !== undefined) return;
  const user = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const remedy = commandsFor(chain, user).join("; ") || whyUnreadable(files, file);
  log.warn(`user ${user.uid} cannot read ${file}, so reloads will fail: ${remedy}`);
}
