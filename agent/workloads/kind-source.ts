// The workloads of one type, such as all containers. Also holds the data sources, with their sequence numbers, that an
// earlier agent process used for this type.

import type { SflowAgent } from "../sflow/agent.ts";
import type { DataSource } from "../sflow/data-source.ts";
import { type DataSourceTable, showUuid } from "./data-source-table.ts";
import type { NameTable } from "./names.ts";
import type { OpenProcessGroup } from "./process-group.ts";
import type { HostFacts, Readings } from "./records.ts";
import { RunningWorkload } from "./running-workload.ts";
import { leftNumbers, showSubject } from "./subject.ts";
import type { Workload, WorkloadIdentity, WorkloadKind, WorkloadSource } from "./workloads.ts";

/** Resources that all types of workloads share. */
export interface SharedParts {
  readonly agent: Pick<SflowAgent, "poller" | "numbered">;
  readonly sources: DataSourceTable;
  readonly names: NameTable;
  readonly hostFacts: HostFacts;
  readonly openGroup: OpenProcessGroup;
  /** Milliseconds since the machine booted. */
  uptime(): number;
  onChange(): void;
  onStop(source: KindSource): void;
}

/** Starts and ends the workloads of one type. */
export class KindSource implements WorkloadSource {
  readonly kind: WorkloadKind;
  readonly nameTraffic: boolean;
  readonly marks = { samples: 0, marked: 0 };
  readonly openGroup: OpenProcessGroup;
  readonly #shared: SharedParts;
  readonly #workloads = new Set<RunningWorkload>();
  /** By UUID, the data sources of an earlier agent process whose workloads may or may not run now. */
  readonly #left: Map<string, DataSource>;

  constructor(kind: WorkloadKind, shared: SharedParts) {
    this.kind = kind;
    this.nameTraffic = kind.nameTraffic;
    this.openGroup = shared.openGroup;
    this.#shared = shared;
    const left = leftNumbers(shared.agent.numbered()).filter(({ keyword }) => keyword === kind.keyword);
    this.#left = new Map(left.map(({ uuid, source }) => [uuid, source]));
  }

  get running(): number {
    return this.#workloads.size;
  }

  get workloads(): Iterable<RunningWorkload> {
    return this.#workloads;
  }

  begin({ uuid, name, startTime }: WorkloadIdentity, read: () => Readings): Workload | undefined {
    const { agent, sources, names, hostFacts, uptime } = this.#shared;
    const source = sources.take(uuid);
    this.#left.delete(showUuid(uuid));
    if (source === undefined) return undefined;
    const poller = agent.poller(source);
    poller.setSubject(showSubject(this.kind.keyword, uuid, startTime ?? `seen ${uptime()}`));
    const onEnd = (workload: RunningWorkload): void => this.#forget(workload);
    const workload = new RunningWorkload({ poller, uuid, kind: this, names, hostFacts, read, onEnd }, name);
    this.#workloads.add(workload);
    this.#shared.onChange();
    return workload;
  }

  settled(): void {
    const { agent, sources } = this.#shared;
    for (const [uuid, source] of this.#left) {
      agent.poller(source).remove();
      sources.giveUp(uuid);
    }
    this.#left.clear();
  }

  stop(): void {
    for (const workload of this.#workloads) {
      workload.release();
      // If the block is opened again, its workloads continue with the same data sources and sequence numbers.
      this.#shared.sources.keep(showUuid(workload.uuid), workload.source);
    }
    this.#shared.onStop(this);
  }

  #forget(workload: RunningWorkload): void {
    this.#workloads.delete(workload);
    this.#shared.sources.release(workload.source);
    this.#shared.onChange();
  }
}
