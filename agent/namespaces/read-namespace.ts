// Reads the addresses of one network namespace, and its links to the agent's own namespace. See rtnetlink(7).

import { throwErrno } from "../../native-shim/errno.ts";
import type { ReceiveBatch, Shim } from "../../native-shim/shim.ts";
import { type Link, readLink } from "../netlink/link.ts";
import { type LinkAddress, readLinkAddress } from "../netlink/link-address.ts";
import { namespaceIdRequest, readNamespaceId } from "../netlink/namespace-id.ts";
import { addressRequest, linkRequest } from "../netlink/route.ts";
import { askAll } from "../sockets/ask-all.ts";
import { askOne } from "../sockets/ask-one.ts";
import { type NetlinkSocket, openNetlinkSocket } from "../sockets/netlink-socket.ts";
import { NETLINK_ROUTE } from "../sockets/socket-constants.ts";
import { type NamespaceView, UNATTACHED } from "./namespace-view.ts";

/**
 * Limits for one namespace, because every user can make namespaces with any number of interfaces and addresses. Reading
 * 1,024 interfaces takes about 10 ms, and so does reading 4,096 addresses.
 */
const MOST_LINKS = 1024;
const MOST_ADDRESSES = 4096;

/**
 * Reads the namespace at `path` by netlink. `pid` is a process in the agent's own namespace. `memory` is from
 * `netlinkMemory`. Throws ShimError if `path` cannot be entered or read. Leaves no socket open.
 *
 * Reads only what an attached namespace needs. A namespace without a number for the agent's own namespace has no
 * interface that is attached to it.
 */
export function readNamespace(shim: Shim, memory: ReceiveBatch, path: string, pid: number): NamespaceView {
  const links: Link[] = [];
  const own = withSocket(shim, memory, path, (socket) => {
    const id = askOne(socket, (sequence) => namespaceIdRequest(sequence, pid), readNamespaceId);
    const errno =
      id === undefined ? 0 : askAll(socket, (sequence) => linkRequest(sequence, 0), readLink, links, MOST_LINKS);
    if (errno !== 0) throwErrno(errno, "netlink", path);
    return id;
  });
  const attachments = links.filter(({ linkNamespace }) => linkNamespace === own).map(({ link }) => link);
  if (own === undefined || attachments.length === 0) return UNATTACHED;
  const addresses: LinkAddress[] = [];
  withSocket(shim, memory, path, (socket) => {
    const errno = askAll(socket, addressRequest, readLinkAddress, addresses, MOST_ADDRESSES);
    if (errno !== 0) throwErrno(errno, "netlink", path);
  });
  const isPartial = links.length === MOST_LINKS || addresses.length === MOST_ADDRESSES;
  return { addresses, attachments, isPartial };
}

function withSocket<T>(shim: Shim, memory: ReceiveBatch, namespace: string, use: (socket: NetlinkSocket) => T): T {
  const socket = openNetlinkSocket(shim, NETLINK_ROUTE, { namespace, memory });
  try {
    return use(socket);
  } finally {
    socket.close();
  }
}
