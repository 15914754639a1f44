// Finds a family of generic netlink by its name. See "CTRL_CMD_GETFAMILY" in linux/genetlink.h.

import { familyRequest, type GenericFamily, readFamily } from "../netlink/generic.ts";
import { askOne } from "./ask-one.ts";
import type { NetlinkSocket } from "./netlink-socket.ts";

export type FindFamily = (socket: NetlinkSocket, name: string) => GenericFamily | undefined;

/**
 * Asks the controller, on a socket of NETLINK_GENERIC. Returns undefined while the kernel has no such family, because
 * its module is not loaded; call again later. The kernel may run modprobe before it answers, which takes some
 * milliseconds.
 */
export const findFamily: FindFamily = (socket, name) =>
  askOne(socket, (sequence) => familyRequest(sequence, name), readFamily);
