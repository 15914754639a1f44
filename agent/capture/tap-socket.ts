// Opens the packet socket of a tap, with its ring and its filter. See packet(7).

import type { Shim } from "../../native-shim/shim.ts";
import { packetAddress } from "../sockets/socket-address.ts";
import * as so from "../sockets/socket-constants.ts";
import * as af from "./af-packet.ts";
import type { TapOptions } from "./engine.ts";
import { PacketRing, type RingSize } from "./packet-ring.ts";
import type { Reader } from "./ring-scheduler.ts";

export interface TapSocket {
  readonly fd: number;
  readonly ring: PacketRing;
  readonly size: RingSize;
  readonly reader: Reader;
}

/**
 * Opens the socket with protocol 0, so that it receives nothing before `bind`. At that time the filter is already set.
 * So the socket gets no unfiltered packets, and no packets of other interfaces. Throws ShimError.
 */
export function openTapSocket(
  sockets: Shim,
  options: TapOptions,
  size: RingSize,
  filter: Uint8Array,
): Pick<TapSocket, "fd" | "ring"> {
  const undo: (() => void)[] = [];
  try {
    const type = af.hasEthernetHeader(options.hardwareType) ? so.SOCK_RAW : so.SOCK_DGRAM;
    const fd = sockets.socket(so.AF_PACKET, type, 0);
    undo.push(() => sockets.close(fd));
    const ring = new PacketRing(sockets, fd, size);
    undo.push(() => ring.close());
    sockets.attachFilter(fd, filter);
    sockets.bind(fd, packetAddress(so.ETH_P_ALL, options.index));
    if (options.promiscuous)
      sockets.setOption(fd, so.SOL_PACKET, so.PACKET_ADD_MEMBERSHIP, af.promiscuousMembership(options.index));
    return { fd, ring };
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw error;
  }
}
