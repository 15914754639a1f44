// The interfaces that default routes lead through, and word of routes that come, change and go. rtnetlink(7);
// linux/filter.h, linux/rtnetlink.h "struct rtmsg".

import type { Shim } from "../../native-shim/shim.ts";
import { ROUTE_GROUPS, readRouteInterface, routeRequest } from "../netlink/route.ts";
import { filterBytes, JUMP_IF_EQUAL, LOAD_BYTE, RETURN } from "../sockets/filter.ts";
import { type NetlinkGroups, openNetlinkGroups } from "../sockets/netlink-groups.ts";
import { type NetlinkSocket, openNetlinkSocket } from "../sockets/netlink-socket.ts";
import { NETLINK_ROUTE } from "../sockets/socket-constants.ts";

/** Of nobody, and of a part of the address space that nobody is given: only a route to everywhere leads there. */
const NOBODY_4 = Uint8Array.of(255, 255, 255, 254);
const NOBODY_6 = Uint8Array.of(0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

/** Of a notice: behind struct nlmsghdr and rtm_family. */
const DESTINATION_LENGTH = 17;

/**
 * Lets only routes to everywhere pass, so that a router with a million others, which change all the time, does not wake
 * the agent for them.
 */
const defaultRoutesProgram = (): Uint8Array =>
  filterBytes([
    { code: LOAD_BYTE, equal: 0, differs: 0, k: DESTINATION_LENGTH },
    { code: JUMP_IF_EQUAL, equal: 0, differs: 1, k: 0 },
    { code: RETURN, equal: 0, differs: 0, k: 0xffff_ffff },
    { code: RETURN, equal: 0, differs: 0, k: 0 },
  ]);

function routeTo(address: Uint8Array, socket: NetlinkSocket): number[] {
  const found: number[] = [];
  const request = (sequence: number): Uint8Array => routeRequest(sequence, address);
  socket.ask(request, (message) => found.push(...[readRouteInterface(message)].filter((index) => index !== undefined)));
  return found;
}

/**
 * ifIndexes, IPv4 before IPv6. The kernel looks up a route as for a packet: to read all of them is a second of work
 * for each 200,000, which a router may well have.
 */
export function defaultRoutes(sockets: Shim): readonly number[] {
  try {
    const socket = openNetlinkSocket(sockets, NETLINK_ROUTE);
    const found = [NOBODY_4, NOBODY_6].flatMap((address) => routeTo(address, socket));
    socket.close();
    return found;
  } catch {
    return [];
  }
}

/** Without netlink nothing is told. The function returned ends it. */
export function watchDefaultRoutes(sockets: Shim, onChange: () => void): () => void {
  let changes: NetlinkGroups;
  try {
    changes = openNetlinkGroups(sockets, NETLINK_ROUTE, { groups: ROUTE_GROUPS, filter: defaultRoutesProgram() });
  } catch {
    return () => undefined;
  }
  changes.listen({ onMessages: onChange, onLost: onChange });
  return () => changes.close();
}
