// The interface for blocks that report workloads. A workload is something that runs on this host and is a data source
// of its own: a container, pod, service or virtual machine. See sFlow Host Structures.

import type { DataSource } from "../sflow/data-source.ts";
import type { OpenProcessGroup } from "./process-group.ts";
import type { Readings } from "./records.ts";

/** A type of workload, such as the containers of Docker. Each type is reported by one configuration block. */
export interface WorkloadKind {
  /** Keyword of the configuration block that reports these workloads, such as "docker". */
  readonly keyword: string;
  /** The open type with the highest rank reports virt_node, which counts the workloads of all types. */
  readonly rank: number;
  /** Adds extended_entities to sampled packets from and to these workloads. */
  readonly nameTraffic: boolean;
}

/** The properties by which a run of a workload is recognized. */
export interface WorkloadIdentity {
  /** UUID, 16 bytes. The data source is derived from the UUID, so a workload has the same one each time it runs. */
  readonly uuid: Uint8Array;
  /** Undefined if the name is not known yet. Samples have digits of the UUID instead. */
  readonly name: string | undefined;
  /** Distinguishes two runs of one workload, because counters begin at zero in each run. By default, the uptime now. */
  readonly startTime?: string | undefined;
}

/** One run of a workload, from its beginning to its end. */
export interface Workload {
  readonly source: DataSource;
  /** Sets the name for the next sample. */
  rename(name: string): void;
  /** Sets the state, a virDomainState. After the first sample, a change of state is sampled at once. */
  setState(state: number): void;
  /** Sends a sample now. The first call also starts the regular samples. */
  sampleNow(): void;
  /** Sends the last sample and releases the data source. If no sample was sent yet, sends the first one before it. */
  end(): void;
  /** Stops without a last sample, because the agent stops and the workload keeps running. Keeps sequence numbers. */
  release(): void;
}

/** Counts sampled packets of one type of workload. */
export interface MarkCounters {
  /** Packets from or to a workload. */
  samples: number;
  /** The packets among `samples` to which extended_entities was added. */
  marked: number;
}

/** The workloads of one configuration block. */
export interface WorkloadSource {
  /** Returns undefined if all 50,000 data sources are in use. Calls `read` for each sample. */
  begin(identity: WorkloadIdentity, read: () => Readings): Workload | undefined;
  /** Follows the processes of a workload that has control groups. */
  readonly openGroup: OpenProcessGroup;
  /**
   * Called when all running workloads are known. Drops the data sources of workloads that ended before the agent began.
   */
  settled(): void;
  readonly running: number;
  readonly marks: Readonly<MarkCounters>;
  /** Releases all workloads, because the block is removed or the agent stops. */
  stop(): void;
}

/** The registry of workloads, which all blocks that report workloads share. */
export interface Workloads {
  open(kind: WorkloadKind): WorkloadSource;
}
