// Reads the addresses of one network namespace, and its links to the agent's own namespace. See rtnetlink(7).

import type { ReceiveBatch, Shim } from "../../native-shim/shim.ts";
import { type Link, readLink } from "../netlink/link.ts";
import { type LinkAddress, readLinkAddress } from "../netlink/link-address.ts";
import { namespaceIdRequest, readNamespaceId } from "../netlink/namespace-id.ts";
import { addressRequest, linkRequest } from "../netlink/route.ts";
import { askAll } from "../sockets/ask-all.ts";
import { askOne } from "../sockets/ask-one.ts";
import { openNetlinkSocket } from "../sockets/netlink-socket.ts";
import { NETLINK_ROUTE } from "../sockets/socket-constants.ts";

/** The addresses and attachments of a network namespace. */
export interface NamespaceView {
  readonly addresses: readonly LinkAddress[];
  /**
   * The interfaces in the agent's own namespace to which interfaces of this namespace are attached, as ifIndexes: peers
   * of veths, parents of macvlans and ipvlans.
   */
  readonly attachments: readonly number[];
}

/**
 * Reads the namespace at `path` by netlink. `pid` is a process in the agent's own namespace. `memory` is from
 * `netlinkMemory`. Throws ShimError if `path` cannot be entered. Leaves no socket open.
 */
export function readNamespace(shim: Shim, memory: ReceiveBatch, path: string, pid: number): NamespaceView {
  const socket = openNetlinkSocket(shim, NETLINK_ROUTE, { namespace: path, memory });
  const links: Link[] = [];
  const addresses: LinkAddress[] = [];
  try {
    const own = askOne(socket, (sequence) => namespaceIdRequest(sequence, pid), readNamespaceId);
    askAll(socket, (sequence) => linkRequest(sequence, 0), readLink, links);
    askAll(socket, addressRequest, readLinkAddress, addresses);
    const attached = own === undefined ? [] : links.filter(({ linkNamespace }) => linkNamespace === own);
    return { addresses, attachments: attached.map(({ link }) => link) };
  } finally {
    socket.close();
  }
}
