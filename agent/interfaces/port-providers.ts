// The registered port providers, in order of registration.

import type { LinkStats } from "../netlink/link-stats.ts";
import type { CounterRecord } from "../sflow/record.ts";
import type { Adaptor, PortFacts, PortProvider } from "./adaptor.ts";
import { otherFormats } from "./other-formats.ts";

/** The list of port providers. Combines what the providers report about an interface. */
export class PortProviders {
  readonly #providers = new Set<PortProvider>();
  readonly #failed: (where: string, error: unknown) => void;

  /** `failed` is called when a method of a provider throws. */
  constructor(failed: (where: string, error: unknown) => void) {
    this.#failed = failed;
  }

  add(provider: PortProvider): void {
    this.#providers.add(provider);
  }

  /** Removes a provider. Returns false if it was not registered. */
  remove(provider: PortProvider): boolean {
    return this.#providers.delete(provider);
  }

  has(provider: PortProvider): boolean {
    return this.#providers.has(provider);
  }

  /** Returns the kernel's description of an interface, with the facts of the first provider that answers. */
  describe(adaptor: Adaptor): Adaptor {
    for (const provider of this.#providers) {
      const facts = this.#ask(provider, () => provider.facts(adaptor));
      if (facts === "not-a-port") return { ...adaptor, switchPort: false };
      if (facts !== undefined) return describePort(adaptor, facts, provider);
    }
    return adaptor;
  }

  counters(adaptor: Adaptor): LinkStats | undefined {
    for (const provider of this.#providers) {
      if (provider.keyword === adaptor.countersFrom) return this.#ask(provider, () => provider.counters?.(adaptor));
    }
    return undefined;
  }

  records(adaptor: Adaptor): readonly CounterRecord[] {
    const records: CounterRecord[] = [];
    for (const provider of this.#providers) {
      const answer = this.#ask(provider, () => provider.records?.(adaptor));
      if (answer !== undefined) records.push(...otherFormats(answer, records));
    }
    return records;
  }

  #ask<T>(provider: PortProvider, question: () => T | undefined): T | undefined {
    try {
      return question();
    } catch (error) {
      this.#failed(`ports of ${provider.keyword}`, error);
      return undefined;
    }
  }
}

const describePort = (adaptor: Adaptor, facts: PortFacts, provider: PortProvider): Adaptor => ({
  ...adaptor,
  name: facts.name ?? adaptor.name,
  alias: facts.alias ?? adaptor.alias,
  speed: facts.speed ?? adaptor.speed,
  switchPort: true,
  countersFrom: provider.counters === undefined ? undefined : provider.keyword,
});
