// Data source numbers of containers: 3:100000 to 3:149999, from the UUID, so that a container keeps its number over
// restarts. hsflowd's numbering.

import { fnv1a } from "../config/fnv1a.ts";
import { type DataSource, DataSourceClass } from "../sflow/data-source.ts";

const FIRST = 100_000;
const COUNT = 50_000;

export interface DataSourceTable {
  /**
   * The number that is kept for this container, or the next free one from its own upwards, wrapping; undefined when all
   * are taken.
   */
  take(uuid: Uint8Array): DataSource | undefined;
  release(source: DataSource): void;
  readonly size: number;
}

/** `kept`: containers that have a number already, by their UUID in hex digits; others pass it over. */
export function makeDataSourceTable(kept: ReadonlyMap<string, number> = new Map()): DataSourceTable {
  const taken = new Set<number>();
  const keepers = new Map([...kept].map(([text, index]) => [index - FIRST, text]));

  function find(uuid: Uint8Array): number | undefined {
    const text = showUuid(uuid);
    const isFree = (slot: number): boolean => !taken.has(slot) && (keepers.get(slot) ?? text) === text;
    // hsflowd's hash, as it is on x86, where a char is signed.
    const own = (kept.get(text) ?? FIRST + (fnv1a(uuid, true) % COUNT)) - FIRST;
    for (let i = 0; i < COUNT; i++) {
      const slot = (own + i) % COUNT;
      if (isFree(slot)) return slot;
    }
    return undefined;
  }

  return {
    take(uuid) {
      const slot = find(uuid);
      if (slot === undefined) return undefined;
      taken.add(slot);
      return { class: DataSourceClass.entLogicalEntry, index: FIRST + slot };
    },
    release: (source) => void taken.delete(source.index - FIRST),
    get size() {
      return taken.size;
    },
  };
}

export const isContainerSource = ({ class: kind, index }: DataSource): boolean =>
  kind === DataSourceClass.entLogicalEntry && index >= FIRST && index < FIRST + COUNT;

export const showUuid = (uuid: Uint8Array): string => Buffer.from(uuid).toString("hex");

/** The first 16 bytes of the id, which is 64 hex digits. */
export const containerUuid = (id: string): Uint8Array =>
  Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(id.slice(2 * i, 2 * i + 2), 16));
