// Selects the interfaces that have counters samples.

import type { Adaptor, Interfaces } from "../../interfaces/adaptor.ts";
import { isPort, uplinks } from "../../interfaces/uplinks.ts";

export type Select = (adaptor: Adaptor, already: boolean) => boolean;

/**
 * Selects every interface that is up, or was up before. Exceptions are the loopback interface, interfaces that are not
 * a port of the switch, and interfaces to containers and virtual machines. These are polled only if a block requests
 * it. An interface to a container or virtual machine is also polled if it is the network card of this namespace or a
 * port of the switch.
 */
export function selectPolled(interfaces: Interfaces): Select {
  const cards = uplinks(interfaces.all());
  return (adaptor, already) => {
    if (interfaces.polled.has(adaptor.index)) return true;
    if (adaptor.loopback || adaptor.switchPort === false) return false;
    if (isPort(adaptor) && adaptor.switchPort === undefined && !cards.has(adaptor.index)) return false;
    return adaptor.adminUp || already;
  };
}
