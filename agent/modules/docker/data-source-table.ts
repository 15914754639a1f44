// Data source numbers of containers: 3:100000 to 3:149999, from the UUID, so that a container keeps its number over
// restarts. hsflowd's numbering.

import { type DataSource, DataSourceClass } from "../../sflow/data-source.ts";

const FIRST = 100_000;
const COUNT = 50_000;

/**
 * FNV-1a as hsflowd computes it on x86: bytes are signed chars, so one of 0x80 and above flips the upper 24 bits too.
 */
function hash(uuid: Uint8Array): number {
  let h = 2166136261;
  for (const byte of uuid) h = Math.imul(h ^ ((byte << 24) >> 24), 16777619);
  return h >>> 0;
}

export interface DataSourceTable {
  /** The next free number from the UUID's own upwards, wrapping; undefined when all are taken. */
  take(uuid: Uint8Array): DataSource | undefined;
  release(source: DataSource): void;
  readonly size: number;
}

export function makeDataSourceTable(): DataSourceTable {
  const taken = new Set<number>();
  return {
    take(uuid) {
      if (taken.size === COUNT) return undefined;
      let slot = hash(uuid) % COUNT;
      while (taken.has(slot)) slot = (slot + 1) % COUNT;
      taken.add(slot);
      return { class: DataSourceClass.entLogicalEntry, index: FIRST + slot };
    },
    release: (source) => void taken.delete(source.index - FIRST),
    get size() {
      return taken.size;
    },
  };
}

/** The first 16 bytes of the id, which is 64 hex digits. */
export const containerUuid = (id: string): Uint8Array =>
  Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(id.slice(2 * i, 2 * i + 2), 16));
