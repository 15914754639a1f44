// Finds the host's ends of veth pairs by the peer in another namespace. See rtnetlink(7), IFLA_LINK and
// IFLA_LINK_NETNSID.

import type { Interfaces } from "../interfaces/adaptor.ts";

export interface Peers {
  /**
   * Returns the ifIndex of the host's interface whose peer is interface `index` of namespace `id`; 0 if there is none.
   * `id` is the host's number for the namespace. The index alone is ambiguous, because each namespace starts at 1.
   */
  portOf(id: number, index: number): number;
  close(): void;
}

const keyOf = (id: number, index: number): string => `${id}:${index}`;

/** Calls `onChange` when an interface of the host has changed, because `portOf` may then return other values. */
export function watchPeers(interfaces: Pick<Interfaces, "all" | "onChange">, onChange: () => void): Peers {
  let ports: ReadonlyMap<string, number> | undefined;

  function readPorts(): ReadonlyMap<string, number> {
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
      ports ??= readPorts();
      return ports.get(keyOf(id, index)) ?? 0;
    },
    close,
  };
}
