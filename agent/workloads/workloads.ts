// What runs on this host and reports as a data source of its own: containers, pods, services, virtual machines. sFlow
// Host Structures.

import type { DataSource } from "../sflow/data-source.ts";
import type { OpenProcessGroup } from "./process-group.ts";
import type { Readings } from "./records.ts";

export interface WorkloadKind {
  /** Of the block that reports it. */
  readonly keyword: string;
  /** The open kind with the highest rank reports virt_node, which counts the workloads of all kinds. */
  readonly rank: number;
  /** Adds extended_entities to sampled packets from and to these workloads. */
  readonly nameTraffic: boolean;
}

export interface WorkloadIdentity {
  /** 16 bytes. The data source follows from them, so a workload has the same one each time it runs. */
  readonly uuid: Uint8Array;
  /** Undefined where it is not known yet: the UUID stands in for it. */
  readonly name: string | undefined;
  /** Tells two runs of one workload apart, whose counters begin at zero. The present moment where it is not given. */
  readonly startTime?: string | undefined;
}

/** One run of a workload, from its beginning to its end. */
export interface Workload {
  readonly source: DataSource;
  /** The next sample has the new name. */
  rename(name: string): void;
  /** A virDomainState. A change is sampled at once, after the first sample. */
  setState(state: number): void;
  /** Samples now. The first call begins the regular samples too. */
  sampleNow(): void;
  /** Sends the last sample and gives up the data source. Sends the first sample too if there was none yet. */
  end(): void;
  /** Stops without a sample, as the agent ends and not the workload. Its numbers are kept. */
  release(): void;
}

/** Sampled packets of the workloads of one kind. */
export interface MarkCounters {
  /** From or to a workload. */
  samples: number;
  /** With extended_entities. */
  marked: number;
}

/** The workloads of one block. */
export interface WorkloadSource {
  /** Undefined when all 50,000 data sources are taken. `read` is called for each sample. */
  begin(identity: WorkloadIdentity, read: () => Readings): Workload | undefined;
  /** Follows the processes of a workload that has control groups. */
  readonly openGroup: OpenProcessGroup;
  /** All workloads that run are known. Gives up the numbers that earlier ones of this kind left. */
  settled(): void;
  readonly running: number;
  readonly marks: Readonly<MarkCounters>;
  /** Releases all workloads. */
  stop(): void;
}

/** Shared by all blocks that report workloads. */
export interface Workloads {
  open(kind: WorkloadKind): WorkloadSource;
}
