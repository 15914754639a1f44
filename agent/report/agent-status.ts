// The state of a running agent for `hsflowd status`: plain values, sent as JSON.

import type { AgentCounters } from "../sflow/counters.ts";
import type { ReceiverCounters } from "../sflow/receiver.ts";
import type { Confinement } from "./confinement.ts";
import type { AllFound } from "./found.ts";
import type { Report } from "./report.ts";

export interface AgentAddressStatus {
  readonly address: string;
  /** The interface that has the address; undefined if the address was set by agentIP. */
  readonly device?: string | undefined;
}

export interface ModuleStatus {
  /** The keyword of the block. */
  readonly name: string;
  readonly counters: Readonly<Record<string, number>>;
  readonly report: Report;
}

/** An error of files or sockets that does not mean "missing", such as a lack of file descriptors. */
export interface FaultReport {
  /** Name of the errno. */
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly count: number;
  /** Seconds since the latest one. */
  readonly age: number;
}

/** The state of the agent. `Status` adds the state of its process. */
export interface AgentStatus {
  readonly agentAddress: AgentAddressStatus | undefined;
  readonly subAgentId: number;
  /** Counters of samples and datagrams. A datagram counts once, even if it is sent to several collectors. */
  readonly counters: Readonly<AgentCounters & ReceiverCounters>;
  /** Counters of the table of interfaces: kernel messages, changes, reloads. */
  readonly interfaces: Readonly<Record<string, number>>;
  /** Counters of the pipeline of sampled packets. `heldBatches` and `heldPackets` are current values. */
  readonly flow: Readonly<Record<string, number>>;
  /** True while nothing is sent, because there is no collector or no agent address. */
  readonly suppressed: boolean;
  /** The reason why nothing is sent, if another agent of this host has the same identity. */
  readonly obstacle?: string | undefined;
  /** The number of exceptions of each callback, by name. */
  readonly failures: Readonly<Record<string, number>>;
  /** Errors because of which counters or workloads may be missing. Earlier versions of the agent do not send them. */
  readonly faults?: readonly FaultReport[];
  readonly modules: readonly ModuleStatus[];
  /** Settings and collectors that blocks discovered at run time. */
  readonly found: AllFound;
}

export interface Status extends AgentStatus {
  readonly version: string;
  readonly pid: number;
  /** Seconds since the agent started. */
  readonly uptime: number;
  readonly configFile: string;
  /** Resident memory in bytes. */
  readonly memory: number;
  readonly confinement?: Confinement | undefined;
}
