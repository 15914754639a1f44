// The state of a running agent, as `status` shows it: plain values that travel as JSON.

import type { AgentCounters } from "../sflow/counters.ts";
import type { ReceiverCounters } from "../sflow/receiver.ts";
import type { AllFound } from "./found.ts";
import type { Report } from "./report.ts";

export interface AgentAddressStatus {
  readonly address: string;
  /** The interface that has it; undefined where the file gives the address. */
  readonly device?: string | undefined;
}

export interface ModuleStatus {
  /** The keyword of the block. */
  readonly name: string;
  readonly counters: Readonly<Record<string, number>>;
  readonly report: Report;
}

/** What the agent knows; the process adds itself. */
export interface AgentStatus {
  readonly agentAddress: AgentAddressStatus | undefined;
  readonly subAgentId: number;
  /** Datagrams are counted once here, however many collectors got each. */
  readonly counters: Readonly<AgentCounters & ReceiverCounters>;
  /** Counters of the table of interfaces: messages of the kernel, changes, reloads. */
  readonly interfaces: Readonly<Record<string, number>>;
  /** Counters of the pipeline of sampled packets. `heldBatches` and `heldPackets` are current values. */
  readonly flow: Readonly<Record<string, number>>;
  /** True while there is no collector or no agent address, so that nothing is sent. */
  readonly suppressed: boolean;
  /** How often callbacks threw, by who did. */
  readonly failures: Readonly<Record<string, number>>;
  readonly modules: readonly ModuleStatus[];
  /** What is laid over the file. */
  readonly found: AllFound;
}

export interface Status extends AgentStatus {
  readonly version: string;
  readonly pid: number;
  /** Seconds since the agent started. */
  readonly uptime: number;
  readonly configFile: string;
  /** Bytes resident. */
  readonly memory: number;
}
