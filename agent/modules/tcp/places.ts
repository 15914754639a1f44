// Where packets were seen, against the addresses of every namespace: the picture that the local end of a packet is
// found in.

import { isLinkLocal } from "../../config/address.ts";
import type { Adaptor, Interfaces } from "../../interfaces/adaptor.ts";
import type { Containers } from "./containers.ts";
import { LocalEnds, type Tap } from "./local-ends.ts";
import type { Namespaces } from "./namespaces.ts";

export class Places {
  readonly #interfaces: Interfaces;
  readonly #namespaces: Namespaces;
  readonly #containers: Containers;
  readonly #taps = new Map<string | undefined, Map<number, Tap>>();
  #current = false;
  readonly ends = new LocalEnds();

  constructor(interfaces: Interfaces, namespaces: Namespaces, containers: Containers) {
    this.#interfaces = interfaces;
    this.#namespaces = namespaces;
    this.#containers = containers;
  }

  /** Of a batch: the interface it was seen on, in the namespace at `path` or the agent's own. */
  tap(interfaceIndex: number, path: string | undefined): Tap {
    const known = this.#current ? this.#taps.get(path)?.get(interfaceIndex) : undefined;
    return known ?? this.#findTap(interfaceIndex, path);
  }

  /** Addresses or interfaces changed: the next batch sees them. */
  outdated(): void {
    this.#current = false;
  }

  /** A namespace that is entered for its tap has addresses that were not known before: they are taken in at once. */
  #findTap(interfaceIndex: number, path: string | undefined): Tap {
    if (!this.#current) this.#refresh();
    const tap = path === undefined ? this.#ownTap(interfaceIndex) : this.#foreignTap(interfaceIndex, path);
    if (!this.#current) this.#refresh();
    const here = this.#taps.get(path) ?? new Map<number, Tap>();
    this.#taps.set(path, here.set(interfaceIndex, tap));
    return tap;
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
    for (const { namespace, view } of this.#containers.all()) {
      const slot = namespace?.slot ?? -1;
      for (const { index, bytes } of view?.addresses ?? []) this.ends.add(slot, bytes, index);
    }
  }

  #ownTap(interfaceIndex: number): Tap {
    const { master = 0, kind } = this.#interfaces.byIndex(interfaceIndex) ?? {};
    const attached = this.#attachedTo(interfaceIndex);
    const own = this.#namespaces.own.slot;
    return { interfaceIndex, master, bridge: kind === "bridge", vrf: kind === "vrf", own, attached };
  }

  #foreignTap(interfaceIndex: number, path: string): Tap {
    const own = this.#containers.enter(path)?.namespace?.slot ?? -1;
    return { interfaceIndex, master: 0, bridge: false, vrf: false, own, attached: new Set() };
  }

  #attachedTo(interfaceIndex: number): Set<number> {
    const ports = this.#interfaces.all().filter((adaptor) => adaptor.master === interfaceIndex);
    const indices = new Set([interfaceIndex, ...ports.map((port) => port.index)]);
    const attached = this.#containers.all().filter(({ view }) => view?.attachments.some((index) => indices.has(index)));
    return new Set(attached.flatMap(({ namespace }) => (namespace === undefined ? [] : [namespace.slot])));
  }
}

/** Sockets behind a VRF are bound to it, not to the interface that has the address, unless that is link-local. */
function vrfOf(adaptor: Adaptor, interfaces: Interfaces): number | undefined {
  const master = adaptor.master === 0 ? undefined : interfaces.byIndex(adaptor.master);
  return master?.kind === "vrf" ? master.index : undefined;
}
