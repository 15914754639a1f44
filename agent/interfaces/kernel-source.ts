// The table of interfaces by netlink: asked for whole at the start, then kept current by notices. rtnetlink(7).

import { getSystemErrorName } from "node:util";
import type { Host, Timer } from "../host/host.ts";
import { type LacpCounters, readLacpCounters } from "../netlink/bond.ts";
import { type Link, readLink } from "../netlink/link.ts";
import { type LinkAddress, readLinkAddress } from "../netlink/link-address.ts";
import type { Message } from "../netlink/message.ts";
import { addressRequest, linkRequest, memberStatsRequest, RouteMessage } from "../netlink/route.ts";
import type { Bonding } from "./adaptor.ts";
import { makeLinkCounters } from "./link-counters.ts";
import type { Changes, LinkTable } from "./link-table.ts";
import { openNotices } from "./notices.ts";
import { Errno, openRouteSocket, type RouteSocket } from "./route-socket.ts";
import type { Apply, InterfaceStatistics, Source } from "./source.ts";

/** A dump that a change interrupts is asked for again; on a host where changes never pause the last answer must do. */
const MOST_ATTEMPTS = 3;
/** Milliseconds until the table is asked for after notices were lost: the storm that filled the buffer is still on. */
const RELOAD_DELAY = 200;

/** Throws where netlink cannot be had. */
export function openKernelSource(
  { sockets, clock }: Host,
  table: LinkTable,
  apply: Apply,
  statistics: InterfaceStatistics,
): Source {
  const notices = openNotices(sockets);
  const socket = openRouteSocket(sockets);
  let reloading: Timer | undefined;

  /** 0, or the negative errno of the question that failed: the table stays as it is, until it is asked for again. */
  function reload(): number {
    reloading = undefined;
    statistics.reloads++;
    const links: Link[] = [];
    const addresses: LinkAddress[] = [];
    const errno =
      list(socket, (sequence) => linkRequest(sequence, 0), readLink, links) ||
      list(socket, addressRequest, readLinkAddress, addresses);
    if (errno === 0) apply((into) => table.replace(links, addresses, into));
    else statistics.reloadsFailed++;
    return errno;
  }

  function putAll(messages: readonly Message[], into: Changes): void {
    for (const message of messages) put(message, into);
  }

  return {
    start() {
      // The group is joined before the table is asked for, so no change falls between the two.
      const errno = reload();
      if (errno !== 0) throw new Error(`the kernel lists no interfaces: ${getSystemErrorName(errno)}`);
      notices.listen({
        onMessages: (messages) => apply((into) => putAll(messages, into)),
        onLost() {
          statistics.noticesLost++;
          reloading ??= clock.after(RELOAD_DELAY, reload);
        },
      });
    },
    stop() {
      reloading?.cancel();
      notices.close();
      socket.close();
    },
    counters: makeLinkCounters(socket, clock, statistics),
    bonding: (index) => readBonding(socket, table, index),
    reload: () => void reload(),
  };

  function put(message: Message, into: Changes): void {
    statistics.notices++;
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
}

/** 0 or a negative errno. */
function list<T>(
  socket: RouteSocket,
  request: (sequence: number) => Uint8Array,
  read: (message: Message) => T | undefined,
  into: T[],
): number {
  for (let attempt = 1; ; attempt++) {
    into.length = 0;
    const errno = socket.ask(request, (message) => {
      const value = read(message);
      if (value !== undefined) into.push(value);
    });
    if (errno !== Errno.again) return errno;
    if (attempt >= MOST_ATTEMPTS) return 0;
  }
}

/** LACP moves without a notice, so the member and its bond are asked for each time. */
function readBonding(socket: RouteSocket, table: LinkTable, index: number): Bonding | undefined {
  const bond = table.byIndex(table.byIndex(index)?.master ?? 0);
  if (bond?.kind !== "bond") return undefined;
  const member = askLink(socket, index)?.bondMember;
  const settings = askLink(socket, bond.index)?.bond;
  if (member === undefined || settings === undefined) return undefined;
  let lacp: LacpCounters | undefined;
  socket.ask(
    (sequence) => memberStatsRequest(sequence, index),
    (message) => {
      lacp = readLacpCounters(message) ?? lacp;
    },
  );
  return { member, bond, settings, lacp };
}

function askLink(socket: RouteSocket, index: number): Link | undefined {
  let link: Link | undefined;
  socket.ask(
    (sequence) => linkRequest(sequence, index),
    (message) => {
      link = readLink(message) ?? link;
    },
  );
  return link;
}
