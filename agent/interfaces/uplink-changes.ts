// Finds the interfaces that became an uplink, or stopped being one, because of a change of any interface.

import type { Adaptor, Interfaces } from "./adaptor.ts";
import { uplinks } from "./uplinks.ts";

export class UplinkChanges {
  readonly #interfaces: Pick<Interfaces, "all">;
  #before: ReadonlyMap<number, Adaptor>;

  constructor(interfaces: Pick<Interfaces, "all">) {
    this.#interfaces = interfaces;
    this.#before = uplinks(interfaces.all());
  }

  /** Returns the present interfaces for which that has changed since the last call. */
  next(): readonly Adaptor[] {
    const all = this.#interfaces.all();
    const [before, now] = [this.#before, uplinks(all)];
    this.#before = now;
    return before === now ? [] : all.filter(({ index }) => before.has(index) !== now.has(index));
  }
}
