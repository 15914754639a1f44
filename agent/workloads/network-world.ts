// The host's view of the network namespaces of workloads: their numbers, and the host interfaces that lead into them.
// See rtnetlink(7), RTM_GETNSID.

import type { Host } from "../host/host.ts";
import type { Interfaces } from "../interfaces/adaptor.ts";
import { watchPeers } from "../namespaces/peers.ts";
import { namespaceIdRequest, readNamespaceId } from "../netlink/namespace-id.ts";
import { type NetlinkSocket, openNetlinkSocket } from "../sockets/netlink-socket.ts";
import { NETLINK_ROUTE } from "../sockets/socket-constants.ts";
import type { NetworkWorld } from "./network.ts";

export interface OpenNetworkWorld extends NetworkWorld {
  close(): void;
}

/** Calls `changed` when the interfaces of a workload or of the host change. */
export function openNetworkWorld(
  host: Pick<Host, "files" | "sockets">,
  interfaces: Pick<Interfaces, "all" | "onChange">,
  changed: () => void,
): OpenNetworkWorld {
  let socket: NetlinkSocket | undefined;
  const peers = watchPeers(interfaces, changed);
  /** Returns undefined where the socket is refused: workloads then have no ports, and the next look-up tries again. */
  function openSocket(): NetlinkSocket | undefined {
    try {
      return openNetlinkSocket(host.sockets, NETLINK_ROUTE);
    } catch {
      return undefined;
    }
  }
  return {
    host,
    namespaceId(pid) {
      let id: number | undefined;
      socket ??= openSocket();
      socket?.ask(
        (sequence) => namespaceIdRequest(sequence, pid),
        (message) => {
          id = readNamespaceId(message);
        },
      );
      return id;
    },
    portOf: peers.portOf,
    changed,
    close() {
      socket?.close();
      peers.close();
    },
  };
}
