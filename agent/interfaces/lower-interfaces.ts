// Finds the interfaces of this namespace that the packets of another interface pass too. See linux/if_link.h, IFLA_LINK
// and IFLA_MASTER.

import type { Adaptor } from "./adaptor.ts";

/**
 * Returns the ports of a bond, bridge or VRF; the parent of a VLAN or tunnel; the other end of a pair, and the switch
 * that has it as a port; the ports of Open vSwitch for an interface of the switch.
 */
export function lowerInterfaces(
  { index, kind, link, linkNamespace }: Adaptor,
  all: readonly Adaptor[],
): readonly Adaptor[] {
  const here = new Map(all.map((adaptor) => [adaptor.index, adaptor]));
  const isOfSwitch = ({ master }: Adaptor): boolean =>
    kind === "openvswitch" && here.get(master)?.kind === "openvswitch";
  const ports = all.filter((adaptor) => adaptor.master === index || isOfSwitch(adaptor));
  const parent = linkNamespace === undefined ? here.get(link) : undefined;
  const aboveParent = parent === undefined || kind === "vlan" ? undefined : here.get(parent.master);
  return [...ports, parent, aboveParent].filter((adaptor) => adaptor !== undefined);
}
