// A counters sample for each interface, data source 0:ifIndex, as interfaces are added and removed. See sFlow v5,
// section 5, "if_counters".

import type { Adaptor, AdaptorChange } from "../../interfaces/adaptor.ts";
import { isHardware } from "../../interfaces/uplinks.ts";
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

export function create(_: unknown, { agent, interfaces }: Context): Running {
  const polled = new Map<number, Polled>();
  const counters = { samples: 0, discontinuities: 0 };
  let stop = (): void => undefined;

  function add(index: number): void {
    const poller = agent.poller(interfaceSource(index));
    const read = makeInterfaceReader(interfaces, index);
    const removeReader = poller.contribute(
      (into: CounterRecord[]) => {
        const records = read();
        // Other counters take the place of these when a port provider comes or goes.
        if (records.length > 0) poller.setSubject(interfaces.byIndex(index)?.countersFrom ?? "");
        if (records.length > 0) counters.samples++;
        into.push(...records);
      },
      () => counters.discontinuities++,
    );
    polled.set(index, { poller, removeReader });
  }

  /** Stops polling an interface that still exists. Readers of other blocks stay in its samples. */
  function stopPolling(index: number): void {
    polled.get(index)?.removeReader();
    polled.delete(index);
  }

  /** Removes the poller too, so that the next interface with this index starts a new sequence. */
  function remove(index: number): void {
    polled.get(index)?.poller.remove();
    polled.delete(index);
  }

  function review(adaptors: readonly Adaptor[]): void {
    const select = selectPolled(interfaces);
    for (const adaptor of adaptors) {
      const wanted = select(adaptor, polled.has(adaptor.index));
      if (wanted && !polled.has(adaptor.index)) add(adaptor.index);
      else if (!wanted) stopPolling(adaptor.index);
    }
  }

  function onChange({ kind, adaptor }: AdaptorChange): void {
    if (kind === "removed") remove(adaptor.index);
    // A veth counts as a network card only while there is no hardware card: review them all.
    if (kind !== "changed" && isHardware(adaptor)) review(interfaces.all());
    else if (kind !== "removed") review([adaptor]);
  }

  return {
    start() {
      stop = interfaces.onChange(onChange);
      review(interfaces.all());
    },
    stop() {
      stop();
      for (const index of [...polled.keys()]) stopPolling(index);
    },
    counters: () => ({ ...counters, interfaces: polled.size }),
  };
}
