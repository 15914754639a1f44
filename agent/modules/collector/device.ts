// The index of an interface by its name, in any network namespace. rtnetlink(7) "RTM_GETLINK".

import { makeReceiveBatch, messageBytes } from "../../../native-shim/batch.ts";
import type { Shim } from "../../../native-shim/shim.ts";
import { makeAttribute } from "../../netlink/attribute.ts";
import { readLink } from "../../netlink/link.ts";
import { MessageFlag, makeMessage, readMessages } from "../../netlink/message.ts";
import { RouteMessage } from "../../netlink/route.ts";
import { netlinkAddress } from "../../sockets/socket-address.ts";
import { AF_NETLINK, NETLINK_ROUTE, SOCK_RAW } from "../../sockets/socket-constants.ts";

const IFLA_IFNAME = 3;

const linkByName = (name: string): Uint8Array =>
  makeMessage(
    RouteMessage.getLink,
    MessageFlag.request,
    1,
    new Uint8Array(16),
    makeAttribute(IFLA_IFNAME, new TextEncoder().encode(`${name}\0`)),
  );

/**
 * Undefined where there is none of this name. The kernel answers such a question before the call that asks it returns,
 * so there is nothing to wait for. Throws the shim's error where the namespace cannot be entered.
 */
export function interfaceIndexIn(namespace: string, name: string, sockets: Shim): number | undefined {
  const fd = sockets.socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, namespace);
  try {
    const request = linkByName(name);
    const batch = makeReceiveBatch(sockets.layout, 1, 16_384);
    sockets.send(fd, request, Uint32Array.of(0), Uint32Array.of(request.length), 0, 1, netlinkAddress());
    if (sockets.receive(fd, batch) !== 1) return undefined;
    const [message] = readMessages(messageBytes(sockets.layout, batch, 0));
    return message?.type === RouteMessage.newLink ? readLink(message)?.index : undefined;
  } finally {
    sockets.close(fd);
  }
}
