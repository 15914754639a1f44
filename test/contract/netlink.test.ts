// Netlink against this machine's kernel: the controller of generic netlink is in every one, and needs no privilege.

import { expect, it } from "vitest";
import { findFamily } from "../../agent/sockets/find-family.ts";
import { openNetlinkGroups } from "../../agent/sockets/netlink-groups.ts";
import { openNetlinkSocket } from "../../agent/sockets/netlink-socket.ts";
import { NETLINK_GENERIC } from "../../agent/sockets/socket-constants.ts";
import { loadShim } from "../../native-shim/load.ts";

it("finds the controller, and no family that does not exist", () => {
  const socket = openNetlinkSocket(loadShim(), NETLINK_GENERIC);
  const controller = findFamily(socket, "nlctrl");
  expect(controller).toMatchObject({ id: 16, version: 2 });
  expect(findFamily(socket, "no-such-family")).toBeUndefined();
  socket.close();
  // The group "notify" is the sixteenth, too.
  const group = controller?.groups.get("notify") ?? 0;
  expect(group).toBeGreaterThan(0);
  const groups = openNetlinkGroups(loadShim(), NETLINK_GENERIC, { groups: [group], bufferBytes: 1 << 16 });
  groups.close();
});

it("throws where there is no such group", () => {
  expect(() => openNetlinkGroups(loadShim(), NETLINK_GENERIC, { groups: [1_000_000] })).toThrow("EINVAL");
});
