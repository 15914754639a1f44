// The uplinks: the interfaces through which traffic enters and leaves this host. Each packet passes exactly one of
// them.

import { ARPHRD_ETHER } from "../sockets/socket-constants.ts";
import type { Adaptor } from "./adaptor.ts";

/** Kinds that hardware drivers register: mobile broadband, InfiniBand. Other hardware has no kind. */
const HARDWARE = new Set<string | undefined>([undefined, "wwan", "ipoib"]);
/**
 * Kinds that can be the network card of a container: an end of a pair, or a virtual interface on a card of the host.
 */
const CONTAINER_ENDS = new Set<string | undefined>(["veth", "macvlan", "macvtap", "ipvlan", "ipvtap", "netkit"]);
const USER_SPACE_ENDS = new Set<string | undefined>(["tun"]);

export const isHardware = (adaptor: Adaptor): boolean => HARDWARE.has(adaptor.kind) && !adaptor.loopback;

/**
 * Returns the physical network cards. Bonds, bridges, VLANs and tunnels are left out, because their packets also pass
 * their cards. If a card is a member of another card, as a virtual function under Hyper-V or virtio is, only the master
 * card is returned.
 *
 * In a namespace without cards, returns the veths and similar interfaces that lead out of the namespace, or else its
 * tun devices.
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

/**
 * Returns whether the interface is the host's end of a link to a container or virtual machine. Hosts have thousands.
 */
export const isPort = ({ kind, hardwareType }: Adaptor): boolean =>
  kind === "veth" || kind === "netkit" || kind === "macvtap" || (kind === "tun" && hardwareType === ARPHRD_ETHER);
