// Which interfaces have counters samples.

import type { Adaptor, Interfaces } from "../../interfaces/adaptor.ts";
import { isPort, uplinks } from "../../interfaces/uplinks.ts";

export type Select = (adaptor: Adaptor, already: boolean) => boolean;

/**
 * Every interface from the moment it is up, and from then on whether up or down. The loopback, and the host's ends of
 * containers and virtual machines, only where a block asks for them; an end that is this namespace's network card is
 * one.
 */
export function selectPolled(interfaces: Interfaces): Select {
  const cards = new Set(uplinks(interfaces.all()).map((card) => card.index));
  return (adaptor, already) => {
    if (interfaces.polled.has(adaptor.index)) return true;
    if (adaptor.loopback || (isPort(adaptor) && !cards.has(adaptor.index))) return false;
    return adaptor.adminUp || already;
  };
}
