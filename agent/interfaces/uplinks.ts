// The uplinks: interfaces that carry the traffic of this host, each packet through exactly one of them.

import { ARPHRD_ETHER } from "../sockets/socket-constants.ts";
import type { Adaptor } from "./adaptor.ts";

/** Kinds that hardware drivers register: mobile broadband, InfiniBand. Other hardware has no kind. */
const HARDWARE = new Set<string | undefined>([undefined, "wwan", "ipoib"]);
/** Kinds that serve a container as its network card: an end of a pair, or a share of a card outside. */
const CONTAINER_ENDS = new Set<string | undefined>(["veth", "macvlan", "macvtap", "ipvlan", "ipvtap", "netkit"]);
const USER_SPACE_ENDS = new Set<string | undefined>(["tun"]);

export const isHardware = (adaptor: Adaptor): boolean => HARDWARE.has(adaptor.kind) && !adaptor.loopback;

/**
 * Returns the network cards. A bond, bridge, VLAN or tunnel shows the packets of its cards again, so it is no uplink.
 * Where a card is a member of another card, as a virtual function of Hyper-V or virtio is, only the upper one counts.
 * A namespace without cards has instead the ends of pairs that lead out of it, or else its tun devices.
 */
export function uplinks(all: readonly Adaptor[]): readonly Adaptor[] {
  const cards = all.filter(isHardware);
  if (cards.length > 0) {
    const indices = new Set(cards.map((card) => card.index));
    return cards.filter((card) => !indices.has(card.master));
  }
  const here = new Set(all.map((adaptor) => adaptor.index));
  const isAboveAnother = ({ link, linkNamespace }: Adaptor): boolean => linkNamespace === undefined && here.has(link);
  const free = all.filter((adaptor) => adaptor.master === 0 && !isAboveAnother(adaptor));
  const ends = free.filter((adaptor) => CONTAINER_ENDS.has(adaptor.kind));
  return ends.length > 0 ? ends : free.filter((adaptor) => USER_SPACE_ENDS.has(adaptor.kind));
}

/** Returns whether this is the host's end of a container or virtual machine. Hosts have thousands, short-lived. */
export const isPort = ({ kind, hardwareType }: Adaptor): boolean =>
  kind === "veth" || kind === "netkit" || kind === "macvtap" || (kind === "tun" && hardwareType === ARPHRD_ETHER);
