// Finds the index of an interface by its name, in any network namespace. See rtnetlink(7), "RTM_GETLINK".

import type { Shim } from "../../native-shim/shim.ts";
import { readLink } from "../netlink/link.ts";
import { linkByNameRequest } from "../netlink/route.ts";
import { askOne } from "../sockets/ask-one.ts";
import { openNetlinkSocket } from "../sockets/netlink-socket.ts";
import { NETLINK_ROUTE } from "../sockets/socket-constants.ts";

/** Returns undefined if the namespace has no interface of this name. Throws ShimError if it cannot be entered. */
export function interfaceIndexIn(namespace: string, name: string, sockets: Shim): number | undefined {
  const socket = openNetlinkSocket(sockets, NETLINK_ROUTE, { namespace });
  try {
    return askOne(socket, (sequence) => linkByNameRequest(sequence, name), readLink)?.index;
  } finally {
    socket.close();
  }
}
