// Interfaces as the kernel describes them, for tests of what is sampled.

import type { Adaptor, AdaptorChange, Interfaces } from "../../../agent/interfaces/adaptor.ts";
import type { PcapConfig } from "../../../agent/modules/pcap/config.ts";
import { adaptorWith } from "../../interfaces/adaptor.ts";

export const mac = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(":", ""), "hex"));

export const adaptor = (index: number, name: string, more: Partial<Adaptor> = {}): Adaptor =>
  adaptorWith({ index, name, speed: 1e9, duplex: "full", ...more });

export const block = (more: Partial<PcapConfig> = {}): PcapConfig => ({
  dev: undefined,
  "dev.pattern": undefined,
  dynamic: false,
  promisc: false,
  vport: undefined,
  speed: undefined,
  sampling: undefined,
  "sampling.limit": undefined,
  engine: "auto",
  ...more,
});

/** A table that a test changes; wishes to poll are told as a change, as the real one does. */
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

  byMac(): undefined {
    return undefined;
  }

  counters(): undefined {
    return undefined;
  }

  bonding(): undefined {
    return undefined;
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
