// Selects the interfaces that have counters samples.

import type { Adaptor, Interfaces } from "../../interfaces/adaptor.ts";
import { isPort, uplinks } from "../../interfaces/uplinks.ts";

export type Select = (adaptor: Adaptor, already: boolean) => boolean;

/**
 * Selects every interface that is up, or was up before. Exceptions are the loopback interface and the interfaces to
 * containers and virtual machines: these are polled only if a block requests it, or if such an interface is the network
 * card of this namespace.
 */
export function selectPolled(interfaces: Interfaces): Select {
  const cards = new Set(uplinks(interfaces.all()).map((card) => card.index));
  return (adaptor, already) => {
    if (interfaces.polled.has(adaptor.index)) return true;
    if (adaptor.loopback || (isPort(adaptor) && !cards.has(adaptor.index))) return false;
    return adaptor.adminUp || already;
  };
}
