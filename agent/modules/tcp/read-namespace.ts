// Asks inside one network namespace what it has to do with the agent's own: its addresses, and links that end here.
// rtnetlink(7).

import { makeReceiveBatch, messageBytes } from "../../../native-shim/batch.ts";
import type { ReceiveBatch, Shim } from "../../../native-shim/shim.ts";
import { type Link, readLink } from "../../netlink/link.ts";
import { type LinkAddress, readLinkAddress } from "../../netlink/link-address.ts";
import { errnoOf, type Message, readMessages } from "../../netlink/message.ts";
import { NEW_NAMESPACE_ID, namespaceIdRequest, readNamespaceId } from "../../netlink/namespace-id.ts";
import { addressRequest, linkRequest, RouteMessage } from "../../netlink/route.ts";
import { netlinkAddress } from "../../sockets/socket-address.ts";
import { AF_NETLINK, NETLINK_ROUTE, SOCK_RAW } from "../../sockets/socket-constants.ts";

/** The kernel fills a datagram of a dump as far as the memory that waits for it, up to 32 KiB. */
const STRIDE = 32_768;
/** A namespace of a thousand interfaces has some fifty datagrams; more than this is no container's. */
const MOST_RECEIVES = 1000;

export interface NamespaceView {
  readonly addresses: readonly LinkAddress[];
  /**
   * Interfaces of the agent's own namespace that hang together with one there: its veth peers, the parents of its
   * macvlans.
   */
  readonly attachments: readonly number[];
}

export const routeMemory = ({ layout }: Shim): ReceiveBatch => makeReceiveBatch(layout, 1, STRIDE);

/**
 * `pid` is a process of the agent's own namespace. Throws ShimError where `path` cannot be entered. Leaves no socket
 * open.
 */
export function readNamespace(shim: Shim, memory: ReceiveBatch, path: string, pid: number): NamespaceView {
  const fd = shim.socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, path);
  let here: number | undefined;
  const links: Link[] = [];
  const addresses: LinkAddress[] = [];

  function take(message: Message): boolean {
    const address = message.type === RouteMessage.newAddress ? readLinkAddress(message) : undefined;
    const link = message.type === RouteMessage.newLink ? readLink(message) : undefined;
    if (address !== undefined) addresses.push(address);
    if (link !== undefined) links.push(link);
    if (message.type === NEW_NAMESPACE_ID) here = readNamespaceId(message);
    return message.type === NEW_NAMESPACE_ID || errnoOf(message) !== undefined;
  }

  try {
    for (const request of [namespaceIdRequest(1, pid), linkRequest(2, 0), addressRequest(3)]) {
      ask(shim, fd, memory, request, take);
    }
  } finally {
    shim.close(fd);
  }
  const plugged = here === undefined ? [] : links.filter((link) => link.linkNamespace === here);
  return { addresses, attachments: plugged.map((link) => link.link) };
}

/** A dump goes on only while it is read, and one at a time. `take` says which message is the last. */
function ask(
  shim: Shim,
  fd: number,
  memory: ReceiveBatch,
  request: Uint8Array,
  take: (message: Message) => boolean,
): void {
  shim.send(fd, request, Uint32Array.of(0), Uint32Array.of(request.length), 0, 1, netlinkAddress());
  for (let i = 0; i < MOST_RECEIVES; i++) {
    if (shim.receive(fd, memory) <= 0) return;
    for (const message of readMessages(messageBytes(shim.layout, memory, 0))) if (take(message)) return;
  }
}
