// Which interfaces carry the traffic of this host itself, each packet counted at one of them.

import { ARPHRD_ETHER } from "../sockets/socket-constants.ts";
import type { Adaptor } from "./adaptor.ts";

/** Kinds that drivers of hardware register: mobile broadband, InfiniBand. Other hardware has no kind. */
const HARDWARE = new Set<string | undefined>([undefined, "wwan", "ipoib"]);
/** What a container has for a network card: one end of a pair, or a second address of a card outside. */
const CONTAINER_ENDS = new Set<string | undefined>(["veth", "macvlan", "macvtap", "ipvlan", "ipvtap", "netkit"]);
const USER_SPACE_ENDS = new Set<string | undefined>(["tun"]);

export const isHardware = (adaptor: Adaptor): boolean => HARDWARE.has(adaptor.kind) && !adaptor.loopback;

/**
 * The network cards. A bond, bridge, VLAN or tunnel shows the packets of its cards again, and is none. Where a card
 * belongs to another without being bonded, as a virtual function behind Hyper-V's or virtio's own, the upper one counts
 * for both. In a namespace without any card it is the container's ends of pairs that lead out of it; failing these, the
 * tun devices.
 */
export function uplinks(all: readonly Adaptor[]): readonly Adaptor[] {
  const cards = all.filter(isHardware);
  if (cards.length > 0) {
    const indices = new Set(cards.map((card) => card.index));
    return cards.filter((card) => !indices.has(card.master));
  }
  const here = new Set(all.map((adaptor) => adaptor.index));
  const standsOnOther = ({ link, linkNamespace }: Adaptor): boolean => linkNamespace === undefined && here.has(link);
  const free = all.filter((adaptor) => adaptor.master === 0 && !standsOnOther(adaptor));
  const ends = free.filter((adaptor) => CONTAINER_ENDS.has(adaptor.kind));
  return ends.length > 0 ? ends : free.filter((adaptor) => USER_SPACE_ENDS.has(adaptor.kind));
}

/** The host's end of a container or virtual machine: hosts have them by the thousand, and they come and go. */
export const isPort = ({ kind, hardwareType }: Adaptor): boolean =>
  kind === "veth" || kind === "netkit" || kind === "macvtap" || (kind === "tun" && hardwareType === ARPHRD_ETHER);
