// Data sources of workloads, 3:100000 to 3:149999. The number is derived from the UUID in the same way as in hsflowd,
// so a workload has the same data source each time it runs.

import { fnv1a } from "../config/fnv1a.ts";
import { type DataSource, DataSourceClass } from "../sflow/data-source.ts";

const FIRST = 100_000;
const COUNT = 50_000;

/** Returns the UUID as 32 hex digits. */
export const showUuid = (uuid: Uint8Array): string => Buffer.from(uuid).toString("hex");

export const isWorkloadSource = ({ class: kind, index }: DataSource): boolean =>
  kind === DataSourceClass.entLogicalEntry && index >= FIRST && index < FIRST + COUNT;

/** Assigns data sources to workloads. */
export class DataSourceTable {
  readonly #taken = new Set<number>();
  /** Reserved numbers by UUID. A number stays reserved while its workload does not run. */
  readonly #kept = new Map<string, number>();
  /** UUIDs by reserved number. */
  readonly #keepers = new Map<number, string>();

  get size(): number {
    return this.#taken.size;
  }

  /** Reserves the number that a workload had before, so that `take` assigns the number to no other workload. */
  keep(uuid: string, { index }: DataSource): void {
    this.#kept.set(uuid, index - FIRST);
    this.#keepers.set(index - FIRST, uuid);
  }

  giveUp(uuid: string): void {
    const slot = this.#kept.get(uuid);
    this.#kept.delete(uuid);
    if (slot !== undefined) this.#keepers.delete(slot);
  }

  /** Returns the reserved number of a UUID, or else the first free one from its hash on; undefined if none is free. */
  take(uuid: Uint8Array): DataSource | undefined {
    const text = showUuid(uuid);
    // The same hash as in hsflowd on x86, where a char is signed.
    const own = this.#kept.get(text) ?? fnv1a(uuid, true) % COUNT;
    for (let i = 0; i < COUNT; i++) {
      const slot = (own + i) % COUNT;
      if (this.#taken.has(slot) || (this.#keepers.get(slot) ?? text) !== text) continue;
      this.#taken.add(slot);
      return { class: DataSourceClass.entLogicalEntry, index: FIRST + slot };
    }
    return undefined;
  }

  release({ index }: DataSource): void {
    this.#taken.delete(index - FIRST);
  }
}
