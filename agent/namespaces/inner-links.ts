// Reads index and MAC address of interfaces in another network namespace, by name. See socket(7), netdevice(7).

import type { Shim } from "../../native-shim/shim.ts";
import { parseIntOption, textOption } from "../sockets/socket-address.ts";
import {
  AF_INET,
  ARPHRD_ETHER,
  SO_BINDTODEVICE,
  SO_BINDTOIFINDEX,
  SOCK_DGRAM,
  SOL_SOCKET,
} from "../sockets/socket-constants.ts";

export interface InnerLink {
  readonly index: number;
  /** MAC address. Empty if the interface is not Ethernet. */
  readonly mac: Uint8Array;
}

/** Looks up interfaces in another network namespace. */
export interface InnerLinks {
  /** Returns undefined if the namespace has no interface of that name. */
  find(name: string): InnerLink | undefined;
  close(): void;
}

const FAMILY_BYTES = 2;
const MAC_BYTES = 6;

/**
 * Opens a socket in the namespace. Throws ShimError.
 *
 * Does not use netlink, because netlink requests wait for a lock that is held for up to 80 ms while a namespace is
 * created or removed. That happens whenever a container starts or ends.
 */
export function openInnerLinks(shim: Shim, namespace: string): InnerLinks {
  const fd = shim.socket(AF_INET, SOCK_DGRAM, 0, namespace);

  function find(name: string): InnerLink {
    shim.setOption(fd, SOL_SOCKET, SO_BINDTODEVICE, textOption(name));
    const index = parseIntOption(shim.getOption(fd, SOL_SOCKET, SO_BINDTOIFINDEX, 4));
    const hardware = shim.hardware(fd, name);
    const type = new Uint16Array(hardware.buffer, hardware.byteOffset, 1)[0];
    const mac = hardware.subarray(FAMILY_BYTES, FAMILY_BYTES + (type === ARPHRD_ETHER ? MAC_BYTES : 0));
    return { index, mac };
  }

  return {
    find(name) {
      try {
        return find(name);
      } catch {
        return undefined;
      }
    },
    close: () => shim.close(fd),
  };
}
