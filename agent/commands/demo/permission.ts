// Whether packets can be sampled here, and if not, what to type.

import type { Host } from "../../host/host.ts";
import { messageOf } from "../../log/message-of.ts";
import { AF_PACKET, SOCK_RAW } from "../../sockets/socket-constants.ts";

/** Undefined where they can. A socket of protocol 0 hears nothing. */
export function whyNoPackets({ sockets }: Pick<Host, "sockets">): string | undefined {
  try {
    sockets.close(sockets.socket(AF_PACKET, SOCK_RAW, 0));
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "EPERM" ? "that takes root or CAP_NET_RAW, as with `sudo npm start`" : messageOf(error);
  }
}
