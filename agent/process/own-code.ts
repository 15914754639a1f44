// The agent's own code, where its later user could not read it: a checkout in /root, for example. Blocks that a reload
// adds need code that is not loaded yet.

import { preloadCap } from "../capture/libpcap.ts";
import type { Host } from "../host/host.ts";
import { preloadHost } from "../host/linux.ts";
import type { Logger } from "../log/logger.ts";
import { modules } from "../modules/index.ts";
import { findUser } from "./privileges.ts";
import { barsOf, noteChain } from "./reach.ts";

/**
 * Loads everything now if the user that the agent becomes cannot enter the folder of its code. Node then answers later
 * imports from memory, but only those of the same import expression: so each is repeated where it stands.
 */
export async function loadWhileReadable({ files }: Pick<Host, "files">, log: Logger): Promise<void> {
  const user = process.getuid?.() === 0 ? findUser(files) : undefined;
  if (user === undefined) return;
  const bars = barsOf(noteChain(import.meta.filename), user);
  if (bars.length === 0) return;
  for (const { load } of modules) await load?.();
  await preloadHost();
  await preloadCap();
  log.info(`${user.name} cannot enter ${bars.join(", ")}: the code of all blocks was loaded at the start`);
}
