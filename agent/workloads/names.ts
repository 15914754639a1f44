// Names of workloads in samples: at most 64 bytes and unique. See sFlow Host Structures, "host_descr".

import { clipText } from "../xdr/type.ts";

const LIMIT = 64;
const ID_DIGITS = 12;

/** The names of all running workloads. */
export class NameTable {
  readonly #names = new Map<string, string>();
  /** Number of workloads by name, after the name is cut to 64 bytes. */
  readonly #holders = new Map<string, number>();

  set(id: string, name: string): void {
    this.remove(id);
    this.#names.set(id, name);
    this.#count(name, 1);
  }

  remove(id: string): void {
    const name = this.#names.get(id);
    if (name === undefined) return;
    this.#names.delete(id);
    this.#count(name, -1);
  }

  /**
   * Returns the name, or `name.<12 digits of the id>` while another workload has the same name. Both workloads get the
   * digits, because a collector cannot know which of the two started first.
   */
  wireName(id: string): string {
    const digits = id.slice(0, ID_DIGITS);
    const name = this.#names.get(id) ?? digits;
    const cut = clipText(name, LIMIT);
    return (this.#holders.get(cut) ?? 0) > 1 ? `${clipText(name, LIMIT - ID_DIGITS - 1)}.${digits}` : cut;
  }

  #count(name: string, by: number): void {
    const key = clipText(name, LIMIT);
    const now = (this.#holders.get(key) ?? 0) + by;
    if (now === 0) this.#holders.delete(key);
    else this.#holders.set(key, now);
  }
}
