// What containers are called on the wire: names of at most 64 bytes, and never two containers with one name. sFlow Host
// Structures, "host_descr".

import { clipText } from "../xdr/type.ts";

const LIMIT = 64;
const ID_DIGITS = 12;

/**
 * The name as it stands, or `name.<12 digits of the id>` while another container has the same name on the wire. Both
 * holders are marked then: which of two came first says nothing to a collector.
 */
export function wireName(id: string, name: string, isShared: (clipped: string) => boolean): string {
  const clipped = clipText(name, LIMIT);
  if (!isShared(clipped)) return clipped;
  return `${clipText(name, LIMIT - ID_DIGITS - 1)}.${id.slice(0, ID_DIGITS)}`;
}

/** How many containers go by each clipped name. */
export interface NameTable {
  set(id: string, name: string): void;
  get(id: string): string | undefined;
  remove(id: string): void;
  wireName(id: string): string;
}

export function makeNameTable(): NameTable {
  const names = new Map<string, string>();
  const holders = new Map<string, number>();
  const count = (name: string, by: number): void => {
    const key = clipText(name, LIMIT);
    const now = (holders.get(key) ?? 0) + by;
    if (now === 0) holders.delete(key);
    else holders.set(key, now);
  };
  const remove = (id: string): void => {
    const name = names.get(id);
    if (name === undefined) return;
    names.delete(id);
    count(name, -1);
  };
  return {
    set(id, name) {
      remove(id);
      names.set(id, name);
      count(name, 1);
    },
    get: (id) => names.get(id),
    remove,
    wireName: (id) => wireName(id, names.get(id) ?? id.slice(0, ID_DIGITS), (name) => (holders.get(name) ?? 0) > 1),
  };
}
