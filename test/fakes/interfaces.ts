// A table of interfaces that a test changes, in place of the kernel's.

import type { Adaptor, AdaptorChange, Interfaces, Provision } from "../../agent/interfaces/adaptor.ts";
import { adaptorWith } from "../interfaces/adaptor.ts";

/** Bytes of `02:42:00:00:00:0a`. */
export const mac = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(":", ""), "hex"));

/** An Ethernet interface of 1 Gb/s that is up. */
export const adaptor = (index: number, name: string, more: Partial<Adaptor> = {}): Adaptor =>
  adaptorWith({ index, name, speed: 1e9, duplex: "full", ...more });

/** Reports a change of `polled` as a change of the interface, as the real table does. */
export class FakeInterfaces implements Interfaces {
  readonly polled = new Set<number>();
  readonly #table = new Map<number, Adaptor>();
  readonly #listeners = new Set<(change: AdaptorChange) => void>();

  constructor(...adaptors: Adaptor[]) {
    for (const each of adaptors) this.#table.set(each.index, each);
  }

  all(): readonly Adaptor[] {
    return [...this.#table.values()];
  }

  byIndex(index: number): Adaptor | undefined {
    return this.#table.get(index);
  }

  byName(name: string): Adaptor | undefined {
    return this.all().find((each) => each.name === name);
  }

  counters(): undefined {
    return undefined;
  }

  bonding(): undefined {
    return undefined;
  }

  portRecords(): [] {
    return [];
  }

  provide(): Provision {
    return { changed() {}, close() {} };
  }

  poll(index: number): () => void {
    this.polled.add(index);
    this.#tellChanged(index);
    return () => {
      this.polled.delete(index);
      this.#tellChanged(index);
    };
  }

  onChange(listener: (change: AdaptorChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Adds an interface, or changes the one of the same index. */
  put(changed: Adaptor): void {
    const kind = this.#table.has(changed.index) ? "changed" : "added";
    this.#table.set(changed.index, changed);
    this.#tell({ kind, adaptor: changed });
  }

  remove(index: number): void {
    const gone = this.#table.get(index);
    this.#table.delete(index);
    if (gone !== undefined) this.#tell({ kind: "removed", adaptor: gone });
  }

  #tellChanged(index: number): void {
    const changed = this.#table.get(index);
    if (changed !== undefined) this.#tell({ kind: "changed", adaptor: changed });
  }

  #tell(change: AdaptorChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
