// How the agent tells its own datagrams from traffic: they carry a mark, and taps leave marked packets alone.
// socket(7), SO_MARK.

import type { Shim } from "../../native-shim/shim.ts";
import { intOption } from "../sockets/socket-address.ts";
import { SO_MARK, SOL_SOCKET } from "../sockets/socket-constants.ts";

/**
 * Sampled 1-in-1 where they leave, each datagram would be a sample in the next. The mark ends that loop exactly, and
 * without a look at addresses or ports. A small number: the masks that container networks put on marks use bits 6 and
 * above.
 */
export const OWN_TRAFFIC_MARK = 0x35;

/**
 * Marks what `fd` sends. False where the kernel refuses: the mark needs CAP_NET_ADMIN, or CAP_NET_RAW since Linux 5.17.
 * The datagrams are then sampled like other traffic.
 */
export function markOwnTraffic(sockets: Pick<Shim, "setOption">, fd: number): boolean {
  try {
    sockets.setOption(fd, SOL_SOCKET, SO_MARK, intOption(OWN_TRAFFIC_MARK));
    return true;
  } catch {
    return false;
  }
}
