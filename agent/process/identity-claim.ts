// Claims an identity for this process, so that a second agent of the same identity notices. See agent/run/identity.ts.

import type { Host } from "../host/host.ts";
import type { Logger } from "../log/logger.ts";
import { messageOf } from "../log/message-of.ts";
import type { Claim } from "../run/identity.ts";
import { abstractNameOwner, holdAbstractName } from "../sockets/abstract-name.ts";
import { IDENTITY_PREFIX, otherAgents } from "./other-agents.ts";
import { findUser } from "./privileges.ts";

/**
 * Claims a name. Any user can take the name of an abstract socket, and must not silence the agent by that. So only a
 * process of root, of this user or of the agent's usual user counts as another agent.
 */
export function claimIdentity({ sockets, files }: Pick<Host, "sockets" | "files">, name: string, log: Logger): Claim {
  try {
    const fd = holdAbstractName(sockets, IDENTITY_PREFIX + name);
    if (fd !== undefined) return { taken: false, release: () => sockets.close(fd) };
    const owner = abstractNameOwner(sockets, IDENTITY_PREFIX + name);
    if (owner !== undefined && [0, process.getuid?.(), findUser(files)?.uid].includes(owner))
      return { taken: true, release: () => undefined };
    const who = owner === undefined ? "an unknown user" : `user ${owner}`;
    log.warn(`identity ${name}: the name of its socket is taken by ${who}: a second agent would not be noticed`);
  } catch (error) {
    log.warn(`identity ${name}: ${messageOf(error)}: a second agent would not be noticed`);
  }
  return { taken: false, release: () => undefined };
}

/** Warns about other agents of this host, whatever their identity, and returns the function that claims a name. */
export function makeClaim(host: Pick<Host, "sockets" | "files">, log: Logger): (name: string) => Claim {
  for (const other of otherAgents(host.files, process.pid))
    log.warn(`another sFlow agent runs on this host, ${other}: collectors of both count it twice: stop one of the two`);
  return (name) => claimIdentity(host, name, log);
}
