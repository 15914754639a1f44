// Finds the local end of a packet by the addresses of all network namespaces, and by the namespaces that interfaces
// lead to.

import { isLinkLocal } from "../../config/address.ts";
import type { Adaptor, Interfaces } from "../../interfaces/adaptor.ts";
import type { NamespaceTable } from "../../namespaces/table.ts";
import type { DiagNamespaces } from "./diag-namespaces.ts";
import { LocalEnds, type Tap } from "./local-ends.ts";

/** Keeps the table of local addresses, and the taps, current with the interfaces and namespaces of the host. */
export class SocketLocator {
  readonly #interfaces: Interfaces;
  readonly #namespaces: DiagNamespaces;
  readonly #table: Pick<NamespaceTable, "attached">;
  /** Taps by ifIndex. */
  readonly #taps = new Map<number, Tap>();
  #current = false;
  readonly ends = new LocalEnds();

  constructor(interfaces: Interfaces, namespaces: DiagNamespaces, table: Pick<NamespaceTable, "attached">) {
    this.#interfaces = interfaces;
    this.#namespaces = namespaces;
    this.#table = table;
  }

  /** Returns the tap for an interface of the agent's own namespace. Updates `ends` first, if addresses changed. */
  tap(interfaceIndex: number): Tap {
    if (!this.#current) this.#refresh();
    const known = this.#taps.get(interfaceIndex);
    if (known !== undefined) return known;
    const tap = this.#makeTap(interfaceIndex);
    this.#taps.set(interfaceIndex, tap);
    return tap;
  }

  /** Reports that addresses or interfaces changed. The next call of `tap` reads them again. */
  outdate(): void {
    this.#current = false;
  }

  #refresh(): void {
    this.#current = true;
    this.#taps.clear();
    this.ends.clear();
    for (const adaptor of this.#interfaces.all()) {
      const vrf = vrfOf(adaptor, this.#interfaces);
      for (const { bytes } of adaptor.addresses) {
        const device = vrf === undefined || isLinkLocal(bytes) ? adaptor.index : vrf;
        this.ends.add(this.#namespaces.own.slot, bytes, adaptor.index, device);
      }
    }
    for (const { identity, view } of this.#table.attached()) {
      const slot = this.#namespaces.byIdentity(identity)?.slot;
      if (slot === undefined) continue;
      for (const { index, bytes } of view?.addresses ?? []) this.ends.add(slot, bytes, index);
    }
  }

  #makeTap(interfaceIndex: number): Tap {
    const { master = 0, kind } = this.#interfaces.byIndex(interfaceIndex) ?? {};
    const attached = this.#attachedTo(interfaceIndex);
    const own = this.#namespaces.own.slot;
    return { interfaceIndex, master, bridge: kind === "bridge", vrf: kind === "vrf", own, attached };
  }

  /** Returns the namespaces behind an interface or behind the ports of a bridge, as indices in the namespace table. */
  #attachedTo(interfaceIndex: number): Set<number> {
    const ports = this.#interfaces.all().filter((adaptor) => adaptor.master === interfaceIndex);
    const indices = new Set([interfaceIndex, ...ports.map((port) => port.index)]);
    const attached = this.#table.attached().filter(({ view }) => view?.attachments.some((index) => indices.has(index)));
    return new Set(attached.flatMap(({ identity }) => this.#namespaces.byIdentity(identity)?.slot ?? []));
  }
}

/**
 * Returns the VRF of an interface. Sockets in a VRF are bound to the VRF device, not to the interface that has the
 * address. Sockets with a link-local address are the exception: they are bound to the interface.
 */
function vrfOf(adaptor: Adaptor, interfaces: Interfaces): number | undefined {
  const master = adaptor.master === 0 ? undefined : interfaces.byIndex(adaptor.master);
  return master?.kind === "vrf" ? master.index : undefined;
}
