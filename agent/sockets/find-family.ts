// Finds a family of generic netlink by its name. linux/genetlink.h "CTRL_CMD_GETFAMILY".

import { familyRequest, type GenericFamily, readFamily } from "../netlink/generic.ts";
import { askOne } from "./ask-one.ts";
import type { NetlinkSocket } from "./netlink-socket.ts";

export type FindFamily = (socket: NetlinkSocket, name: string) => GenericFamily | undefined;

/**
 * Asks the controller on a socket of NETLINK_GENERIC. Undefined while the kernel has no such family: its module is not
 * loaded, so ask again later. The kernel may run modprobe for the name before it answers, some milliseconds each time.
 */
export const findFamily: FindFamily = (socket, name) =>
  askOne(socket, (sequence) => familyRequest(sequence, name), readFamily);
