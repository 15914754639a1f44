// What the agent may do: started as root it becomes a user without rights, but for the capabilities that the blocks of
// its configuration name. credentials(7), capabilities(7).

import { statSync } from "node:fs";
import type { Files, Host } from "../host/host.ts";
import type { Logger } from "../log/logger.ts";
import { messageOf } from "../log/message-of.ts";
import { bitOf, type Capability, type ProcessStatus, parseStatus } from "../proc/status.ts";
import { capabilitiesOf, type Named, type NamedSocket, needsOf, socketsOf } from "../run/capabilities.ts";
import type { Configuration } from "../run/configuration.ts";

/** The first of these that there is. */
const USERS = ["hsflowd", "nobody"];

interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Third and fourth field of a line of /etc/passwd or /etc/group that begins with the name. passwd(5), group(5). */
const numbersOf = (text: string, name: string): number[] | undefined =>
  text
    .split("\n")
    .map((line) => line.split(":"))
    .find(([first]) => first === name)
    ?.slice(2, 4)
    .map(Number);

export function findUser(files: Pick<Files, "read">): User | undefined {
  const text = files.read("/etc/passwd") ?? "";
  for (const name of USERS) {
    const [uid, gid] = numbersOf(text, name) ?? [];
    if (uid !== undefined && gid !== undefined && uid > 0) return { name, uid, gid };
  }
  return undefined;
}

/** Undefined where only root may connect, or where there is neither the socket nor the group. */
function groupOf({ path, group }: NamedSocket, files: Pick<Files, "read">): number | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return numbersOf(files.read("/etc/group") ?? "", group)?.[0];
  return (found.mode & 0o060) === 0o060 ? found.gid : undefined;
}

const has = (held: bigint, capability: Capability): boolean => (held & bitOf(capability)) !== 0n;

const missingOf = (needs: readonly Named[], held: bigint): readonly Named[] =>
  needs.filter(({ need }) => !has(held, need.capability));

const sentence = ({ keyword, need: { capability, purpose } }: Named, why: string): string =>
  `${keyword} { }: ${capability} ${why}; it is needed to ${purpose}`;

/** `CAP_NET_RAW (pcap), CAP_SYS_ADMIN (tcp, docker)`. */
function show(needs: readonly Named[]): string {
  const keywords = (one: Capability): string[] =>
    needs.filter(({ need }) => need.capability === one).map(({ keyword }) => keyword);
  return capabilitiesOf(needs)
    .map((one) => `${one} (${[...new Set(keywords(one))].join(", ")})`)
    .join(", ");
}

const GIVEN_UP = "was given up at the start, so it takes a restart";

const UNKNOWN: ProcessStatus = { uid: 0, groups: [], permitted: 0n };
const EVERYTHING = ~0n;

export class Privileges {
  readonly #host: Host;
  readonly #log: Logger;
  readonly #hand: (user: Pick<User, "uid" | "gid">) => void;
  #before = UNKNOWN;
  #held = EVERYTHING;
  /** Undefined: as many as it was started with. */
  #groups: readonly number[] | undefined;

  /** `hand` gives the user what is to be its own, while root still may. */
  constructor(host: Host, log: Logger, hand: (user: Pick<User, "uid" | "gid">) => void) {
    this.#host = host;
    this.#log = log;
    this.#hand = hand;
  }

  /**
   * For good, and once: the process keeps what the configuration names of what it was started with. It becomes another
   * user where it is root and may. Throws where it must and cannot; it is then to end.
   */
  giveUp(configuration: Configuration): void {
    const { files } = this.#host;
    const needs = needsOf(configuration, this.#host.uname().release);
    this.#before = parseStatus(files.read("/proc/self/status") ?? "") ?? UNKNOWN;
    const { permitted } = this.#before;
    const wanted = capabilitiesOf(needs).reduce((bits, one) => bits | bitOf(one), 0n);
    const user = this.#mayChangeUser() ? this.#chooseUser() : undefined;
    this.#held = permitted & wanted;
    if (user !== undefined) {
      this.#groups = this.#joined(socketsOf(configuration));
      this.#hand(user);
    }
    this.#become(user);
    const kept = needs.filter(({ need }) => has(this.#held, need.capability));
    this.#log.info(`runs as ${user?.name ?? `user ${this.#before.uid}`}, keeps ${show(kept) || "no capability"}`);
    for (const missing of missingOf(needs, permitted)) this.#log.warn(sentence(missing, "is missing"));
  }

  /** What blocks of another configuration need and the agent has given up: a sentence each. */
  lacks(configuration: Configuration): readonly string[] {
    const missing = missingOf(needsOf(configuration, this.#host.uname().release), this.#held);
    const givenUp = missing.filter(({ need }) => has(this.#before.permitted, need.capability));
    const groups = this.#groups;
    const closed = socketsOf(configuration).filter((socket) => {
      const group = groupOf(socket, this.#host.files);
      return groups !== undefined && group !== undefined && !groups.includes(group);
    });
    return [
      ...givenUp.map((one) => sentence(one, GIVEN_UP)),
      ...closed.map(({ keyword, path }) => `${keyword} { }: the group of ${path} ${GIVEN_UP}; it is needed to connect`),
    ];
  }

  /** Where only capabilities are too many, the agent works all the same; as root it does not. */
  #become(user: User | undefined): void {
    try {
      this.#host.sockets.become(user && { ...user, groups: this.#groups ?? [] }, this.#held);
    } catch (error) {
      const why = messageOf(error);
      if (this.#before.uid === 0) throw new Error(`root cannot be given up: ${why}; -P keeps it`, { cause: error });
      this.#held = this.#before.permitted;
      this.#log.warn(`no capability is given up: ${why}; a service unit needs SystemCallFilter=capset for it`);
    }
  }

  /** Root of a container may have been left without the right to. */
  #mayChangeUser(): boolean {
    const { uid, permitted } = this.#before;
    if (uid !== 0) return false;
    const may = has(permitted, "CAP_SETUID") && has(permitted, "CAP_SETGID");
    if (!may) this.#log.warn("the user stays root, for CAP_SETUID or CAP_SETGID is missing");
    return may;
  }

  #chooseUser(): User {
    const user = findUser(this.#host.files);
    if (user !== undefined) return user;
    throw new Error(
      `root cannot be given up: there is neither a user ${USERS.join(" nor ")} in /etc/passwd; add one: ` +
        "useradd --system --no-create-home hsflowd; or keep root with -P",
    );
  }

  #joined(sockets: readonly NamedSocket[]): number[] {
    const groups = sockets.flatMap((socket) => groupOf(socket, this.#host.files) ?? []);
    return [...new Set(groups)];
  }
}
