// Finds the interfaces that default routes use, and watches for changes. See rtnetlink(7); linux/filter.h;
// linux/rtnetlink.h, "rtmsg".

import type { Shim } from "../../native-shim/shim.ts";
import { ROUTE_GROUPS, readRouteInterface, routeRequest } from "../netlink/route.ts";
import { filterBytes, JUMP_IF_EQUAL, LOAD_BYTE, RETURN } from "../sockets/filter.ts";
import { type NetlinkGroups, openNetlinkGroups } from "../sockets/netlink-groups.ts";
import { type NetlinkSocket, openNetlinkSocket } from "../sockets/netlink-socket.ts";
import { NETLINK_ROUTE } from "../sockets/socket-constants.ts";

/** Addresses in unassigned parts of the address space. Only a default route leads to them. */
const UNASSIGNED_4 = Uint8Array.of(255, 255, 255, 254);
const UNASSIGNED_6 = Uint8Array.of(0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

/** Position of rtm_dst_len in a message: after struct nlmsghdr and rtm_family. */
const DESTINATION_LENGTH = 17;

/** Returns a filter for messages about default routes. A router may have a million other routes, which often change. */
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
 * Returns ifIndexes, IPv4 before IPv6; undefined if netlink cannot be used. Looks up one route as for a packet, because
 * reading the whole table takes a second for each 200,000 routes.
 */
export function defaultRoutes(sockets: Shim): readonly number[] | undefined {
  try {
    const socket = openNetlinkSocket(sockets, NETLINK_ROUTE);
    const found = [UNASSIGNED_4, UNASSIGNED_6].flatMap((address) => routeTo(address, socket));
    socket.close();
    return found;
  } catch {
    return undefined;
  }
}

/**
 * Calls `onChange` when a default route changes. Without netlink, never calls `onChange`. Returns a function that stops
 * watching.
 */
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
