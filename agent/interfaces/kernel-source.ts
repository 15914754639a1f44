// The table of interfaces by netlink: read completely at the start, then updated by the kernel's messages. See
// rtnetlink(7).

import { getSystemErrorName } from "node:util";
import type { Clock, Host, Timer } from "../host/host.ts";
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
import { askAll } from "../sockets/ask-all.ts";
import { askOne } from "../sockets/ask-one.ts";
import { type NetlinkGroups, openNetlinkGroups } from "../sockets/netlink-groups.ts";
import { type NetlinkSocket, openNetlinkSocket } from "../sockets/netlink-socket.ts";
import { NETLINK_ROUTE } from "../sockets/socket-constants.ts";
import type { Bonding } from "./adaptor.ts";
import { makeLinkCounters, type ReadLinkCounters } from "./link-counters.ts";
import type { Changes, LinkTable } from "./link-table.ts";
import type { Apply, InterfaceStatistics, Source } from "./source.ts";

/** Milliseconds from a loss of messages to a reload. By then, the burst that filled the buffer is probably over. */
const RELOAD_DELAY = 200;

/** Keeps the table of interfaces current by netlink. */
export class KernelSource implements Source {
  readonly counters: ReadLinkCounters;
  readonly #clock: Clock;
  readonly #table: LinkTable;
  readonly #apply: Apply;
  readonly #statistics: InterfaceStatistics;
  readonly #groups: NetlinkGroups;
  readonly #socket: NetlinkSocket;
  #reloading: Timer | undefined;

  /** Throws if netlink is unavailable. */
  constructor({ sockets, clock }: Host, table: LinkTable, apply: Apply, statistics: InterfaceStatistics) {
    this.#clock = clock;
    this.#table = table;
    this.#apply = apply;
    this.#statistics = statistics;
    this.#groups = openNetlinkGroups(sockets, NETLINK_ROUTE, { groups: LINK_AND_ADDRESS_GROUPS });
    this.#socket = openNetlinkSocket(sockets, NETLINK_ROUTE);
    this.counters = makeLinkCounters(this.#socket, clock, statistics);
  }

  /** Reads the table after the groups were joined, so that no change is missed in between. */
  start(): void {
    const errno = this.#load();
    if (errno !== 0) throw new Error(`could not list the interfaces: ${getSystemErrorName(errno)}`);
    this.#groups.listen({
      onMessages: (messages) => this.#apply((into) => this.#putAll(messages, into)),
      onLost: () => {
        this.#statistics.noticesLost++;
        this.#reloading ??= this.#clock.after(RELOAD_DELAY, () => this.reload());
      },
    });
  }

  stop(): void {
    this.#reloading?.cancel();
    this.#groups.close();
    this.#socket.close();
  }

  reload(): void {
    this.#load();
  }

  bonding(index: number): Bonding | undefined {
    return readBonding(this.#socket, this.#table, index);
  }

  /** Reads the table. Returns 0, or a negative errno if the table could not be read and is unchanged. */
  #load(): number {
    this.#reloading = undefined;
    this.#statistics.reloads++;
    const links: Link[] = [];
    const addresses: LinkAddress[] = [];
    const errno =
      askAll(this.#socket, (sequence) => linkRequest(sequence, 0), readLink, links) ||
      askAll(this.#socket, addressRequest, readLinkAddress, addresses);
    if (errno === 0) this.#apply((into) => this.#table.replace(links, addresses, into));
    else this.#statistics.reloadsFailed++;
    return errno;
  }

  #putAll(messages: readonly Message[], into: Changes): void {
    this.#statistics.notices += messages.length;
    for (const message of messages) put(this.#table, message, into);
  }
}

function put(table: LinkTable, message: Message, into: Changes): void {
  if (message.type === RouteMessage.newLink || message.type === RouteMessage.deleteLink) {
    const link = readLink(message);
    if (link === undefined) return;
    if (message.type === RouteMessage.newLink) table.putLink(link, into);
    else table.removeLink(link.index, into);
  } else if (message.type === RouteMessage.newAddress || message.type === RouteMessage.deleteAddress) {
    const address = readLinkAddress(message);
    if (address === undefined) return;
    if (message.type === RouteMessage.newAddress) table.putAddress(address, into);
    else table.removeAddress(address, into);
  }
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
