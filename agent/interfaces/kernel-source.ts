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
    this.#list?.return(0);
    this.#reload?.cancel();
    this.#groups.close();
    this.#socket.close();
    this.#lists.close();
  }

  *reloading(): Steps<void> {
    if (this.#newer === undefined) yield* this.#load();
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
      void this.#queue.finish(this.#load());
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

  #putAll(messages: readonly Message[]): void {
    this.#statistics.notices += messages.length;
    this.#heardAt = this.#clock.uptime();
    const changes: Changes = [];
    for (const message of messages) {
      const index = put(this.#table, message, changes);
      if (index !== undefined) this.#newer?.add(index);
    }
    this.#apply(changes);
  }
}

/** Returns the index of the interface that the message is about. */
function put(table: LinkTable, message: Message, into: Changes): number | undefined {
  if (message.type === RouteMessage.newLink || message.type === RouteMessage.deleteLink) {
    const link = readLink(message);
    if (link === undefined) return undefined;
    if (message.type === RouteMessage.newLink) table.putLink(link, into);
    else table.removeLink(link.index, into);
    return link.index;
  }
  if (message.type === RouteMessage.newAddress || message.type === RouteMessage.deleteAddress) {
    const address = readLinkAddress(message);
    if (address === undefined) return undefined;
    if (message.type === RouteMessage.newAddress) table.putAddress(address, into);
    else table.removeAddress(address, into);
    return address.index;
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
