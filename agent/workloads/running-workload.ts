// Sends the samples of one run of a workload: the first, regular ones, one at each change, and the last.

import type { Poller } from "../sflow/agent.ts";
import type { DataSource } from "../sflow/data-source.ts";
import type { CounterRecord } from "../sflow/record.ts";
import { showUuid } from "./data-source-table.ts";
import type { MarkedKind, Plugged } from "./mac-table.ts";
import type { NameTable } from "./names.ts";
import type { WorkloadAdapter } from "./network.ts";
import { addRecords, type HostFacts, NO_READINGS, type Readings, VirState } from "./records.ts";
import type { Workload } from "./workloads.ts";

/** Everything that a workload gets from its type. */
export interface WorkloadParts {
  readonly poller: Poller;
  readonly uuid: Uint8Array;
  readonly kind: MarkedKind;
  readonly names: NameTable;
  readonly hostFacts: HostFacts;
  read(): Readings;
  onEnd(workload: RunningWorkload): void;
}

/** One run of a workload. */
export class RunningWorkload implements Workload, Plugged {
  readonly source: DataSource;
  readonly uuid: Uint8Array;
  readonly kind: MarkedKind;
  readonly #parts: WorkloadParts;
  /** Begins with the digits of the UUID. Unique even if two blocks report workloads with the same UUID. */
  readonly #id: string;
  #state: number = VirState.running;
  #last = NO_READINGS;
  #introduced = false;
  #over = false;
  #withdraw = (): void => undefined;

  constructor(parts: WorkloadParts, name: string | undefined) {
    this.#parts = parts;
    this.source = parts.poller.source;
    this.uuid = parts.uuid;
    this.kind = parts.kind;
    this.#id = `${showUuid(parts.uuid)} ${this.source.index}`;
    if (name !== undefined) this.rename(name);
  }

  adapters(): readonly WorkloadAdapter[] {
    return this.#last.network?.adapters() ?? [];
  }

  rename(name: string): void {
    if (!this.#over) this.#parts.names.set(this.#id, name);
  }

  setState(state: number): void {
    if (this.#state === state) return;
    this.#state = state;
    if (this.#introduced) this.sampleNow();
  }

  sampleNow(): void {
    if (this.#over) return;
    if (!this.#introduced) {
      this.#introduced = true;
      this.#withdraw = this.#parts.poller.contribute((into) => this.#add(into));
    }
    this.#parts.poller.sampleNow();
  }

  end(): void {
    if (this.#over) return;
    if (!this.#introduced) this.sampleNow();
    this.#state = VirState.shutdown;
    this.sampleNow();
    this.#parts.poller.remove();
    this.#close();
  }

  release(): void {
    if (this.#over) return;
    this.#withdraw();
    this.#close();
  }

  #close(): void {
    this.#over = true;
    this.#parts.names.remove(this.#id);
    this.#parts.onEnd(this);
  }

  #add(into: CounterRecord[]): void {
    const { names, hostFacts } = this.#parts;
    this.#last = this.#parts.read();
    addRecords(
      into,
      { uuid: this.uuid, hostname: names.wireName(this.#id), state: this.#state },
      hostFacts,
      this.#last,
    );
  }
}
