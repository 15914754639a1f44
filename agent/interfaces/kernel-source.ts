// The table of interfaces by netlink: read completely at the start, then updated by the kernel's messages. See
// rtnetlink(7).

import { getSystemErrorName } from "node:util";
import type { Steps } from "../config/steps.ts";
import type { Clock, Host, Timer } from "../host/host.ts";
import { WorkQueue } from "../host/work-queue.ts";
import { readLacpCounters } from "../netlink/bond.ts";
import { type Link, readLink } from "../netlink/link.ts";
import { type LinkAddress, readLinkAddress } from "../netlink/link-address.ts";
import type { Message } from "../netlink/message.ts";
import {
  addressRequest,
  LINK_AND_ADDRESS_GROUPS,
  linkRequest,
  memberStatsRequest,
  RouteMessage,
} from "../netlink/route.ts";
import { askingAll } from "../sockets/ask-all.ts";
import { askOne } from "../sockets/ask-one.ts";
import { type NetlinkGroups, openNetlinkGroups } from "../sockets/netlink-groups.ts";
import { type NetlinkSocket, openNetlinkSocket } from "../sockets/netlink-socket.ts";
import { NETLINK_ROUTE } from "../sockets/socket-constants.ts";
import type { Bonding } from "./adaptor.ts";
import { makeLinkCounters, type ReadLinkCounters } from "./link-counters.ts";
import type { Changes, LinkTable } from "./link-table.ts";
import type { Apply, InterfaceStatistics, Source } from "./source.ts";

/**
 * Milliseconds without a message until a reload after a loss, and most milliseconds from the loss to the reload. While
 * interfaces are made or removed, the kernel holds the lock for which a reload would wait.
 */
const QUIET = 200;
const LATEST = 5000;

/** Keeps the table of interfaces current by netlink. */
export class KernelSource implements Source {
  readonly counters: ReadLinkCounters;
  readonly #clock: Clock;
  readonly #queue: WorkQueue;
  readonly #table: LinkTable;
  readonly #apply: Apply;
  readonly #statistics: InterfaceStatistics;
  readonly #groups: NetlinkGroups;
  readonly #socket: NetlinkSocket;
  /** For lists, which are read in steps, between which other requests are sent. */
  readonly #lists: NetlinkSocket;
  /** The interfaces about which messages arrived while the table is read; undefined at other times. */
  #newer: Set<number> | undefined;
  /** The latest of the messages that are not in the table yet, by interface. */
  readonly #latest = new Map<number, Notice>();
  /** The last reading of the table. */
  #list: Steps<number> | undefined;
  #reload: Timer | undefined;
  /** Uptime at the first loss of messages since the last reading of the table, and at the last message. */
  #lostAt: number | undefined;
  #heardAt = Number.NEGATIVE_INFINITY;

  /** Throws if netlink is unavailable. */
  constructor({ sockets, clock }: Host, table: LinkTable, apply: Apply, statistics: InterfaceStatistics) {
    this.#clock = clock;
    this.#queue = new WorkQueue(clock);
    this.#table = table;
    this.#apply = apply;
    this.#statistics = statistics;
    this.#groups = openNetlinkGroups(sockets, NETLINK_ROUTE, { groups: LINK_AND_ADDRESS_GROUPS });
    this.#socket = openNetlinkSocket(sockets, NETLINK_ROUTE);
    this.#lists = openNetlinkSocket(sockets, NETLINK_ROUTE);
    this.counters = makeLinkCounters(this.#socket, clock, statistics);
  }

  /** Reads the table after the groups were joined, so that no change is missed in between. */
  *starting(): Steps<void> {
    const errno = yield* this.#load();
    if (errno !== 0) throw new Error(`could not list the interfaces: ${getSystemErrorName(errno)}`);
    this.#groups.listen({
      onMessages: (messages) => this.#putAll(messages),
      onLost: () => {
        this.#statistics.noticesLost++;
        this.#lostAt ??= this.#clock.uptime();
        this.#reloadLater();
      },
    });
  }

  stop(): void {
    this.#queue.clear();
    this.#list?.return(0);
    this.#reload?.cancel();
    this.#groups.close();
    this.#socket.close();
    this.#lists.close();
  }

  reload(): void {
    if (this.#newer === undefined) void this.#queue.finish(this.#load());
  }

  #reloadLater(): void {
    this.#reload ??= this.#clock.after(QUIET, () => {
      this.#reload = undefined;
      const now = this.#clock.uptime();
      const isDue = now - this.#heardAt >= QUIET || now - (this.#lostAt ?? now) >= LATEST;
      if (!isDue || this.#newer !== undefined) {
        this.#reloadLater();
        return;
      }
      this.#lostAt = undefined;
      this.reload();
    });
  }

  bonding(index: number): Bonding | undefined {
    return readBonding(this.#socket, this.#table, index);
  }

  #load(): Steps<number> {
    this.#list = this.#loading();
    return this.#list;
  }

  /** Reads the table. Returns 0, or a negative errno if the table could not be read and is unchanged. */
  *#loading(): Steps<number> {
    this.#statistics.reloads++;
    const newer = new Set<number>();
    this.#newer = newer;
    const links: Link[] = [];
    const addresses: LinkAddress[] = [];
    try {
      const errno =
        (yield* askingAll(this.#lists, (sequence) => linkRequest(sequence, 0), readLink, links)) ||
        (yield* askingAll(this.#lists, addressRequest, readLinkAddress, addresses));
      if (errno !== 0) {
        this.#statistics.reloadsFailed++;
        return errno;
      }
      for (const changes of this.#table.replacing(links, addresses, newer)) {
        this.#apply(changes);
        yield;
      }
      return 0;
    } finally {
      this.#newer = undefined;
    }
  }

  /** Puts each message in its turn: for an interface, the kernel may wait for a lock to tell the speed. */
  #putAll(messages: readonly Message[]): void {
    this.#statistics.notices += messages.length;
    this.#heardAt = this.#clock.uptime();
    for (const message of messages) {
      const notice = readNotice(message);
      if (notice === undefined) continue;
      this.#newer?.add(notice.index);
      if (notice.isLink) this.#latest.set(notice.index, notice);
      this.#queue.add(() => this.#put(notice));
    }
  }

  /** Leaves out a description of an interface that a later message replaces. */
  #put(notice: Notice): void {
    const latest = this.#latest.get(notice.index);
    if (latest === notice) this.#latest.delete(notice.index);
    else if (notice.isReplaceable && latest !== undefined) return;
    const changes: Changes = [];
    notice.put(this.#table, changes);
    this.#apply(changes);
  }
}

/** What a message of the kernel says, copied from its memory. */
interface Notice {
  readonly index: number;
  /** True if it is about the interface itself, not about an address. */
  readonly isLink: boolean;
  /** True if a later message about the interface itself makes it superfluous. */
  readonly isReplaceable: boolean;
  put(table: LinkTable, into: Changes): void;
}

function readNotice(message: Message): Notice | undefined {
  const isNew = message.type === RouteMessage.newLink || message.type === RouteMessage.newAddress;
  if (message.type === RouteMessage.newLink || message.type === RouteMessage.deleteLink) {
    const link = readLink(message);
    if (link === undefined) return undefined;
    const put: Notice["put"] = (table, into) =>
      isNew ? table.putLink(link, into) : table.removeLink(link.index, into);
    return { index: link.index, isLink: true, isReplaceable: isNew, put };
  }
  if (message.type === RouteMessage.newAddress || message.type === RouteMessage.deleteAddress) {
    const address = readLinkAddress(message);
    if (address === undefined) return undefined;
    const put: Notice["put"] = (table, into) =>
      isNew ? table.putAddress(address, into) : table.removeAddress(address, into);
    return { index: address.index, isLink: false, isReplaceable: false, put };
  }
  return undefined;
}

/** Asks the kernel for the member and its bond at each call, because the kernel does not report changes of LACP. */
function readBonding(socket: NetlinkSocket, table: LinkTable, index: number): Bonding | undefined {
  const bond = table.byIndex(table.byIndex(index)?.master ?? 0);
  if (bond?.kind !== "bond") return undefined;
  const member = askLink(socket, index)?.bondMember;
  const settings = askLink(socket, bond.index)?.bond;
  if (member === undefined || settings === undefined) return undefined;
  const lacp = askOne(socket, (sequence) => memberStatsRequest(sequence, index), readLacpCounters);
  return { member, bond, settings, lacp };
}

const askLink = (socket: NetlinkSocket, index: number): Link | undefined =>
  askOne(socket, (sequence) => linkRequest(sequence, index), readLink);
