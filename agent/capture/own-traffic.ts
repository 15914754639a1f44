// Marks the agent's own datagrams, so that taps can exclude them. See socket(7), SO_MARK.

import type { Shim } from "../../native-shim/shim.ts";
import { intOption } from "../sockets/socket-address.ts";
import { SO_MARK, SOL_SOCKET } from "../sockets/socket-constants.ts";

/**
 * Without the mark, an interface sampled 1-in-1 would turn each datagram of the agent into a sample in the next
 * datagram, without end. The mark identifies the agent's datagrams exactly, unlike addresses or ports. The number is
 * small because container networks use bits 6 and above of the mark.
 */
export const OWN_TRAFFIC_MARK = 0x35;

/**
 * Marks all datagrams that `fd` sends. Returns false if the kernel refuses; the datagrams are then sampled like other
 * traffic. Setting the mark needs CAP_NET_ADMIN, or CAP_NET_RAW since Linux 5.17.
 */
export function markOwnTraffic(sockets: Pick<Shim, "setOption">, fd: number): boolean {
  try {
    sockets.setOption(fd, SOL_SOCKET, SO_MARK, intOption(OWN_TRAFFIC_MARK));
    return true;
  } catch {
    return false;
  }
}
