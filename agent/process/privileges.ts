// Drops privileges: an agent started as root becomes an unprivileged user, and keeps only the capabilities that the
// blocks of its configuration need. See credentials(7) and capabilities(7).

import { statSync } from "node:fs";
import { NO_HELPER } from "../host/faults.ts";
import type { Files, Host } from "../host/host.ts";
import type { Logger } from "../log/logger.ts";
import { messageOf } from "../log/message-of.ts";
import { bitOf, type Capability, type ProcessStatus, parseStatus } from "../proc/status.ts";
import { capabilitiesOf, type Named, type NamedSocket, needsOf, socketsOf } from "../run/capabilities.ts";
import type { Configuration } from "../run/configuration.ts";

/** The agent becomes the first of these users that exists. */
const USERS = ["hsflowd", "nobody"];

interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Returns fields 3 and 4 of the line for `name` in /etc/passwd or /etc/group. See passwd(5) and group(5). */
const idsOf = (text: string, name: string): number[] | undefined =>
  text
    .split("\n")
    .map((line) => line.split(":"))
    .find(([first]) => first === name)
    ?.slice(2, 4)
    .map(Number);

/** Returns the id of the group whose members may ask the agent; undefined if there is none. */
export const findGroup = (files: Pick<Files, "read">): number | undefined =>
  idsOf(files.read("/etc/group") ?? "", "hsflowd")?.[0];

export function findUser(files: Pick<Files, "read">): User | undefined {
  const text = files.read("/etc/passwd") ?? "";
  for (const name of USERS) {
    const [uid, gid] = idsOf(text, name) ?? [];
    if (uid !== undefined && gid !== undefined && uid > 0) return { name, uid, gid };
  }
  return undefined;
}

/**
 * Returns the id of the group that may connect to a socket. If the socket does not exist yet, looks the usual group up
 * in /etc/group. Returns undefined if only root may connect, or if neither the socket nor the group exists.
 */
function groupOf({ path, group }: NamedSocket, files: Pick<Files, "read">): number | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return idsOf(files.read("/etc/group") ?? "", group)?.[0];
  return (found.mode & 0o060) === 0o060 ? found.gid : undefined;
}

const has = (held: bigint, capability: Capability): boolean => (held & bitOf(capability)) !== 0n;

const missingOf = (needs: readonly Named[], held: bigint): readonly Named[] =>
  needs.filter(({ need }) => !has(held, need.capability));

const sentence = ({ keyword, need: { capability, purpose } }: Named, why: string): string =>
  `${keyword} { }: ${capability} ${why}; it is needed to ${purpose}`;

/** Formats capabilities, each with the blocks that need it: `CAP_NET_RAW (pcap), CAP_SYS_ADMIN (tcp, docker)`. */
function showNeeds(needs: readonly Named[]): string {
  const keywords = (one: Capability): string[] =>
    needs.filter(({ need }) => need.capability === one).map(({ keyword }) => keyword);
  return capabilitiesOf(needs)
    .map((one) => `${one} (${[...new Set(keywords(one))].join(", ")})`)
    .join(", ");
}

/** What hsflowd-namespaces can do instead of the agent. */
const LENT: readonly Capability[] = ["CAP_SYS_PTRACE", "CAP_SYS_ADMIN"];

const DROPPED = "was dropped at the start: restart the agent to get it back";

const UNKNOWN: ProcessStatus = { uid: 0, groups: [], permitted: 0n };
const EVERYTHING = ~0n;

/** The privileges of the process: drops those that are not needed, and knows which ones are left. */
export class Privileges {
  readonly #host: Host;
  readonly #log: Logger;
  readonly #handOver: (user: Pick<User, "uid" | "gid">) => void;
  #before = UNKNOWN;
  #held = EVERYTHING;
  /** Supplementary groups that were set; undefined if the process still has the groups it was started with. */
  #groups: readonly number[] | undefined;

  /** `handOver` makes the new user the owner of files, while the process is still root. */
  constructor(host: Host, log: Logger, handOver: (user: Pick<User, "uid" | "gid">) => void) {
    this.#host = host;
    this.#log = log;
    this.#handOver = handOver;
  }

  /**
   * Drops all capabilities that the configuration does not need. As root, also becomes an unprivileged user, if the
   * process has the capabilities for that. Throws if root cannot be dropped; the process must then end. Call this only
   * once, because dropped privileges cannot be restored.
   */
  drop(configuration: Configuration): void {
    const { files } = this.#host;
    const needs = needsOf(configuration, this.#host.uname().release);
    this.#before = parseStatus(files.read("/proc/self/status") ?? "") ?? UNKNOWN;
    const { permitted } = this.#before;
    const wanted = capabilitiesOf(needs).reduce((bits, one) => bits | bitOf(one), 0n);
    const user = this.#mayChangeUser() ? this.#chooseUser() : undefined;
    this.#held = permitted & wanted;
    if (user !== undefined) {
      this.#groups = this.#groupsOf(socketsOf(configuration));
      this.#handOver(user);
    }
    this.#become(user);
    const kept = needs.filter(({ need }) => has(this.#held, need.capability));
    const missing = missingOf(needs, permitted);
    const lent = this.#lent(missing);
    const helper = lent.length > 0 ? `, has hsflowd-namespaces for ${showNeeds(lent)}` : "";
    const name = user?.name ?? `user ${this.#before.uid}`;
    this.#log.info(`runs as ${name}, keeps ${showNeeds(kept) || "no capability"}${helper}`);
    for (const one of missing) if (!lent.includes(one)) this.#log.warn(sentence(one, "is missing"));
  }

  /** Tells whether the process has a capability. Before `drop`, and with -P, it is thought to have all. */
  holds(capability: Capability): boolean {
    return has(this.#held, capability);
  }

  /** Returns a message for each privilege that a new configuration needs, but the agent has dropped. */
  lacks(configuration: Configuration): readonly string[] {
    const missing = missingOf(needsOf(configuration, this.#host.uname().release), this.#held);
    const dropped = missing.filter(({ need }) => has(this.#before.permitted, need.capability));
    const groups = this.#groups;
    const closed = socketsOf(configuration).filter((socket) => {
      const group = groupOf(socket, this.#host.files);
      return groups !== undefined && group !== undefined && !groups.includes(group);
    });
    return [
      ...dropped.map((one) => sentence(one, DROPPED)),
      ...closed.map(({ keyword, path }) => `${keyword} { }: the group of ${path} ${DROPPED}; it is needed to connect`),
    ];
  }

  /** Returns the needs that the helper of the package's service meets. */
  #lent(missing: readonly Named[]): readonly Named[] {
    const lent = missing.filter(({ need }) => LENT.includes(need.capability));
    if (lent.length === 0 || this.#host.hasNamespaceHelper()) return lent;
    // A service of systemd, see systemd.exec(5). Elsewhere there may be no such unit.
    if (this.#host.env["INVOCATION_ID"] !== undefined) this.#host.faults.note(NO_HELPER, "/proc/1/ns/net");
    return [];
  }

  /** Throws if the process would stay root. If only capabilities cannot be dropped, logs a warning. */
  #become(user: User | undefined): void {
    try {
      this.#host.sockets.become(user && { ...user, groups: this.#groups ?? [] }, this.#held);
    } catch (error) {
      const why = messageOf(error);
      if (this.#before.uid === 0)
        throw new Error(`cannot drop root privileges: ${why}; to keep running as root, start with -P`, {
          cause: error,
        });
      this.#held = this.#before.permitted;
      this.#log.warn(`cannot drop capabilities: ${why}; add SystemCallFilter=capset to the service unit`);
    }
  }

  /**
   * Tells whether the process is root and may change its user. In a container, root may lack the capabilities for it.
   */
  #mayChangeUser(): boolean {
    const { uid, permitted } = this.#before;
    if (uid !== 0) return false;
    const may = has(permitted, "CAP_SETUID") && has(permitted, "CAP_SETGID");
    if (!may)
      this.#log.warn("keeps running as root: CAP_SETUID or CAP_SETGID is missing, so the user cannot be changed");
    return may;
  }

  #chooseUser(): User {
    const user = findUser(this.#host.files);
    if (user !== undefined) return user;
    throw new Error(
      `cannot drop root privileges: /etc/passwd has neither user ${USERS.join(" nor ")}; add one: ` +
        "useradd --system --no-create-home hsflowd; or keep root with -P",
    );
  }

  #groupsOf(sockets: readonly NamedSocket[]): number[] {
    const groups = sockets.flatMap((socket) => groupOf(socket, this.#host.files) ?? []);
    return [...new Set(groups)];
  }
}
