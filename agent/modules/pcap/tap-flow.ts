// Passes the packets of one tap to the sampler of its interface, in batches.

import type { CapturedPackets } from "../../capture/engine.ts";
import { fill } from "../../capture/fill.ts";
import { PortResolver } from "../../capture/ports.ts";
import type { FlowBatch, Flows } from "../../flow/flows.ts";
import type { Adaptor, Interfaces } from "../../interfaces/adaptor.ts";
import type { SflowAgent } from "../../sflow/agent.ts";
import { interfaceSource } from "../../sflow/data-source.ts";
import { INTERNAL, UNKNOWN_PORT } from "../../sflow/port.ts";

export interface TapFlowContext {
  readonly flows: Flows;
  readonly agent: Pick<SflowAgent, "sampler">;
  readonly interfaces: Pick<Interfaces, "poll" | "byIndex">;
  readonly settings: { readonly headerBytes: number };
  /** Interfaces by MAC; see ports.ts. */
  readonly byMac: () => ReadonlyMap<number, number>;
  readonly counters: { packets: number; drops: number; notIp: number };
}

export class TapFlow {
  readonly #context: TapFlowContext;
  readonly #index: number;
  #resolver: PortResolver;
  /**
   * Bridge ports polled because they occur in samples, each with a function that ends it. Undefined if vport is off.
   */
  #ports: Map<number, () => void> | undefined;
  readonly #ready: (batch: FlowBatch) => void;

  constructor(context: TapFlowContext, adaptor: Adaptor, vport: boolean | undefined) {
    this.#context = context;
    this.#index = adaptor.index;
    this.#resolver = new PortResolver(adaptor, context.byMac);
    if (adaptor.kind === "bridge" && vport !== false) this.#ports = new Map();
    this.#ready = (batch) => this.#pollPorts(batch);
  }

  /** To be called when the address or kind of the interface may have changed. */
  changed(adaptor: Adaptor): void {
    this.#resolver = new PortResolver(adaptor, this.#context.byMac);
  }

  write(captured: CapturedPackets): void {
    const { flows, agent, settings, counters } = this.#context;
    const sampler = agent.sampler(interfaceSource(this.#index));
    counters.packets += captured.count;
    counters.drops += captured.drops;
    let first = 0;
    do {
      const batch = flows.take(sampler, this.#index, this.#ready);
      const read = fill(batch, captured, first, settings.headerBytes, this.#resolver);
      counters.notIp += read - batch.count;
      flows.write(batch);
      first += read;
    } while (first < captured.count);
  }

  /** Stops polling an interface that was removed. */
  forget(index: number): void {
    this.#ports?.get(index)?.();
    this.#ports?.delete(index);
  }

  close(): void {
    for (const stop of this.#ports?.values() ?? []) stop();
    this.#ports = undefined;
  }

  /** Called after the annotators, because they may have set ports that the tap does not know. */
  #pollPorts({ count, input, output }: FlowBatch): void {
    if (this.#ports === undefined) return;
    for (let i = 0; i < count; i++) {
      this.#pollPort(input[i] as number, this.#ports);
      this.#pollPort(output[i] as number, this.#ports);
    }
  }

  #pollPort(index: number, ports: Map<number, () => void>): void {
    const { interfaces } = this.#context;
    if (index === UNKNOWN_PORT || index === INTERNAL || index === this.#index || ports.has(index)) return;
    if (interfaces.byIndex(index) !== undefined) ports.set(index, interfaces.poll(index));
  }
}
