// The list of collectors that the receiver sends to now, for hsflowd.auto.

import { showAddress } from "../sflow/address.ts";
import type { Collector } from "../sflow/collector.ts";
import type { Collectors, Receiver } from "../sflow/receiver.ts";
import type { AutoCollector } from "./auto-file.ts";

/** The receiver's collectors. Passes each collector on to the receiver, and lists those that are in use. */
export class CollectorList implements Collectors {
  readonly #receiver: Receiver;
  readonly #present = new Set<Collector>();

  constructor(receiver: Receiver) {
    this.#receiver = receiver;
  }

  add(collector: Collector): () => void {
    const leave = this.#receiver.add(collector);
    this.#present.add(collector);
    return () => {
      this.#present.delete(collector);
      leave();
    };
  }

  /** Returns the collectors whose address is known. */
  resolved(): readonly AutoCollector[] {
    return [...this.#present].flatMap(({ destination }) =>
      destination === undefined ? [] : { ...destination, address: showAddress(destination.address) },
    );
  }
}
