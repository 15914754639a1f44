// Tests whether this process may sample packets.

import type { Host } from "../../host/host.ts";
import { messageOf } from "../../log/message-of.ts";
import { AF_PACKET, SOCK_RAW } from "../../sockets/socket-constants.ts";

/**
 * Returns why this process may not sample packets, with a remedy; undefined if it may. Opens a packet socket as a test,
 * with protocol 0, so that the socket receives nothing.
 */
export function whyNoPackets({ sockets }: Pick<Host, "sockets">): string | undefined {
  try {
    sockets.close(sockets.socket(AF_PACKET, SOCK_RAW, 0));
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "EPERM" ? "sampling needs root or CAP_NET_RAW: try `sudo npm start`" : messageOf(error);
  }
}
