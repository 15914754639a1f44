// The host's ends of veth pairs, found by where the other end is. rtnetlink(7), IFLA_LINK and IFLA_LINK_NETNSID.

import type { Interfaces } from "../../interfaces/adaptor.ts";

export interface Peers {
  /**
   * ifIndex of the host's interface whose other end is `index` in the namespace that the host numbers `id`; 0 where
   * there is none. The index alone says nothing: every namespace counts its own from 1.
   */
  portOf(id: number, index: number): number;
  close(): void;
}

const keyOf = (id: number, index: number): string => `${id}:${index}`;

/** `onChange`: another answer may be given now. */
export function watchPeers(interfaces: Pick<Interfaces, "all" | "onChange">, onChange: () => void): Peers {
  let ports: ReadonlyMap<string, number> | undefined;

  function look(): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    for (const { index, link, linkNamespace } of interfaces.all()) {
      if (linkNamespace !== undefined) found.set(keyOf(linkNamespace, link), index);
    }
    return found;
  }

  const close = interfaces.onChange(() => {
    ports = undefined;
    onChange();
  });
  return {
    portOf(id, index) {
      ports ??= look();
      return ports.get(keyOf(id, index)) ?? 0;
    },
    close,
  };
}
