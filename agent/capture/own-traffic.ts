// Marks the agent's own datagrams, so that taps can leave them alone. socket(7), SO_MARK.

import type { Shim } from "../../native-shim/shim.ts";
import { intOption } from "../sockets/socket-address.ts";
import { SO_MARK, SOL_SOCKET } from "../sockets/socket-constants.ts";

/**
 * Sampled 1-in-1 where they leave, each datagram would become a sample in the next. The mark ends that loop exactly,
 * without looking at addresses or ports. The number is small because the masks that container networks put on marks use
 * bits 6 and above.
 */
export const OWN_TRAFFIC_MARK = 0x35;

/**
 * Marks what `fd` sends. Returns false if the kernel refuses, so that the datagrams are sampled like other traffic: the
 * mark needs CAP_NET_ADMIN, or CAP_NET_RAW since Linux 5.17.
 */
export function markOwnTraffic(sockets: Pick<Shim, "setOption">, fd: number): boolean {
  try {
    sockets.setOption(fd, SOL_SOCKET, SO_MARK, intOption(OWN_TRAFFIC_MARK));
    return true;
  } catch {
    return false;
  }
}
