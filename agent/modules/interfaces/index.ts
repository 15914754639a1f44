// A counters sample for each interface, data source 0:ifIndex, as interfaces are added and removed. See sFlow v5,
// section 5, "if_counters".

import type { Adaptor, AdaptorChange } from "../../interfaces/adaptor.ts";
import { UplinkChanges } from "../../interfaces/uplink-changes.ts";
import type { Poller } from "../../sflow/agent.ts";
import { interfaceSource } from "../../sflow/data-source.ts";
import type { CounterRecord } from "../../sflow/record.ts";
import type { Context, Running } from "../module.ts";
import { makeInterfaceReader } from "./read.ts";
import { selectPolled } from "./select.ts";

interface Polled {
  readonly poller: Poller;
  /** Removes this block's reader from the poller. */
  removeReader(): void;
}

export const create = (_: unknown, context: Context): Running => new InterfacePolling(context);

class InterfacePolling implements Running {
  readonly #agent: Context["agent"];
  readonly #interfaces: Context["interfaces"];
  readonly #uplinkChanges: UplinkChanges;
  readonly #polled = new Map<number, Polled>();
  readonly #counters = { samples: 0, discontinuities: 0 };
  #unsubscribe = (): void => undefined;

  constructor({ agent, interfaces }: Context) {
    this.#agent = agent;
    this.#interfaces = interfaces;
    this.#uplinkChanges = new UplinkChanges(interfaces);
  }

  start(): void {
    this.#unsubscribe = this.#interfaces.onChange((change) => this.#onChange(change));
    this.#review(this.#interfaces.all());
  }

  stop(): void {
    this.#unsubscribe();
    for (const index of [...this.#polled.keys()]) this.#stopPolling(index);
  }

  counters(): Readonly<Record<string, number>> {
    return { ...this.#counters, interfaces: this.#polled.size };
  }

  #startPolling(index: number): void {
    const poller = this.#agent.poller(interfaceSource(index));
    const readRecords = makeInterfaceReader(this.#interfaces, index);
    const read = (into: CounterRecord[]): void => {
      const records = readRecords();
      if (records.length === 0) return;
      // A port provider that comes or goes replaces the counters by others.
      poller.setSubject(this.#interfaces.byIndex(index)?.countersFrom ?? "");
      this.#counters.samples++;
      into.push(...records);
    };
    const removeReader = poller.contribute(read, () => this.#counters.discontinuities++);
    this.#polled.set(index, { poller, removeReader });
  }

  /** Stops polling an interface that still exists. Readers of other blocks stay in its samples. */
  #stopPolling(index: number): void {
    this.#polled.get(index)?.removeReader();
    this.#polled.delete(index);
  }

  /** Removes the poller too, so that the next interface with this index starts a new sequence. */
  #remove(index: number): void {
    this.#polled.get(index)?.poller.remove();
    this.#polled.delete(index);
  }

  #review(adaptors: readonly Adaptor[]): void {
    const select = selectPolled(this.#interfaces);
    for (const adaptor of adaptors) {
      const isPolled = this.#polled.has(adaptor.index);
      const wanted = select(adaptor, isPolled);
      if (wanted && !isPolled) this.#startPolling(adaptor.index);
      else if (!wanted) this.#stopPolling(adaptor.index);
    }
  }

  #onChange({ kind, adaptor }: AdaptorChange): void {
    if (kind === "removed") this.#remove(adaptor.index);
    else this.#review([adaptor]);
    this.#review(this.#uplinkChanges.next());
  }
}
