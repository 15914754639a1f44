// The uplinks: the interfaces through which traffic enters and leaves this namespace. Each packet passes exactly one of
// them. See linux/if_link.h, IFLA_LINK, IFLA_LINK_NETNSID and IFLA_MASTER.

import { ARPHRD_ETHER } from "../sockets/socket-constants.ts";
import type { Adaptor } from "./adaptor.ts";

/** Kinds that hardware drivers register: mobile broadband, InfiniBand. Other hardware has no kind. */
const HARDWARE = new Set<string | undefined>([undefined, "wwan", "ipoib"]);
/** Kinds that stand on a parent interface. */
const ON_PARENT = new Set<string | undefined>(["vlan", "macvlan", "macvtap", "ipvlan", "ipvtap"]);
/** Kinds that are one end of a pair. */
const PAIRS = new Set<string | undefined>(["veth", "netkit"]);
/** Kinds of switches, whose ports lead to containers and virtual machines. */
const SWITCHES = new Set<string | undefined>(["bridge", "openvswitch"]);
/** Kinds whose packets can be carried by a process or a socket outside the namespace. */
const CARRIED = new Set<string | undefined>(["tun", "wireguard"]);

const isHardware = (adaptor: Adaptor): boolean => HARDWARE.has(adaptor.kind) && !adaptor.loopback;

const byTable = new WeakMap<readonly Adaptor[], ReadonlyMap<number, Adaptor>>();

/**
 * Returns the uplinks by ifIndex. `all` is the whole table of interfaces.
 *
 * Uplinks are the physical network cards, and interfaces whose parent is in another namespace. Bonds, bridges, tunnels
 * and other VLANs are left out, because their packets also pass their cards. If a card is a member of another card, as
 * a virtual function under Hyper-V or virtio is, only the master card is an uplink.
 *
 * In a namespace without cards, such as a container, uplinks are also the ends of pairs that lead out of the namespace.
 */
export function uplinks(all: readonly Adaptor[]): ReadonlyMap<number, Adaptor> {
  const known = byTable.get(all);
  if (known !== undefined) return known;
  const found = new Map(findUplinks(all).map((adaptor) => [adaptor.index, adaptor]));
  byTable.set(all, found);
  return found;
}

function findUplinks(all: readonly Adaptor[]): readonly Adaptor[] {
  const here = new Map(all.map((adaptor) => [adaptor.index, adaptor]));
  const leadsOut = ({ link, linkNamespace }: Adaptor): boolean =>
    linkNamespace !== undefined || (link !== 0 && !here.has(link));
  const onParents = all.filter((adaptor) => ON_PARENT.has(adaptor.kind) && leadsOut(adaptor));
  const cards = all.filter(isHardware);
  if (cards.length > 0) {
    const indices = new Set(cards.map((card) => card.index));
    return [...cards.filter((card) => !indices.has(card.master)), ...onParents];
  }

  const switchOf = ({ master }: Adaptor): string | undefined =>
    SWITCHES.has(here.get(master)?.kind) ? here.get(master)?.kind : undefined;
  const hasOpenSwitch = all.some((adaptor) => switchOf(adaptor) === "openvswitch");
  const outward = all.filter((adaptor) =>
    adaptor.kind === "openvswitch" ? !hasOpenSwitch : leadsOut(adaptor) && !ON_PARENT.has(adaptor.kind),
  );
  const ends = [...onParents, ...outward.filter((adaptor) => switchOf(adaptor) === undefined)];
  if (ends.length > 0) return ends;
  const carried = all.filter((adaptor) => CARRIED.has(adaptor.kind) && adaptor.master === 0);
  return carried.length > 0 ? carried : firstPorts(outward);
}

/**
 * Returns the ports of a switch that lead to the namespace with the lowest number. A container learned that number
 * first, from its own card, before it had containers inside.
 */
function firstPorts(ports: readonly Adaptor[]): readonly Adaptor[] {
  const first = Math.min(...ports.map(({ linkNamespace = 0 }) => linkNamespace));
  return ports.filter(({ linkNamespace = 0 }) => linkNamespace === first);
}

/**
 * Returns whether the interface is the host's end of a link to a container or virtual machine. Hosts have thousands.
 */
export const isPort = ({ kind, hardwareType }: Adaptor): boolean =>
  PAIRS.has(kind) || kind === "macvtap" || (kind === "tun" && hardwareType === ARPHRD_ETHER);
