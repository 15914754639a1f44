// The contract of a block of hsflowd.conf: its description, and its code. One folder a block; README.md beside explains
// how to write one.

import type { CaptureEngine } from "../capture/engine.ts";
import type { Options, ValuesOf } from "../config/option.ts";
import type { Flows } from "../flow/flows.ts";
import type { Host } from "../host/host.ts";
import type { Interfaces } from "../interfaces/adaptor.ts";
import type { Logger } from "../log/logger.ts";
import type { Capability } from "../proc/status.ts";
import type { AgentStatus } from "../report/agent-status.ts";
import type { FoundCollector, LayOver } from "../report/found.ts";
import type { Report, TapReport } from "../report/report.ts";
import type { Settings } from "../settings/settings.ts";
import type { SflowAgent } from "../sflow/agent.ts";
import type { Collectors } from "../sflow/receiver.ts";
import type { Workloads } from "../workloads/workloads.ts";

/** All that a block may reach. It never sees a datagram, another block, or Node's own I/O. */
export interface Context {
  readonly host: Host;
  readonly agent: SflowAgent;
  readonly collectors: Collectors;
  readonly flows: Flows;
  readonly interfaces: Interfaces;
  readonly workloads: Workloads;
  readonly settings: Settings;
  readonly log: Logger;
  readonly layOver: LayOver;
  /** Status of the whole agent, for a block that publishes it. */
  readonly status?: () => AgentStatus;
  /** Replaces the kernel's engines: a file that is replayed. */
  readonly capture?: CaptureEngine;
}

/** A block at work. */
export interface Running<C = never> {
  start(): void | Promise<void>;
  stop(): void | Promise<void>;
  /**
   * Applies what the file says now and leaves alone what did not change; also called when only `settings` changed. A
   * block without it is stopped and created again.
   */
  reconfigure?(config: C): void | Promise<void>;
  /**
   * Undoes what the block changed by itself, such as a rate it had raised: the file was read again and says nothing
   * new. `reconfigure` includes this.
   */
  restore?(): void;
  /** Plain counters of what moved through, for `status`. */
  counters?(): Readonly<Record<string, number>>;
  /** Where it sends, what it samples, what it lacks. Asked for by commands, never in the flow of packets. */
  report?(): Report;
}

/** A capability that a block needs beyond an ordinary user's; the agent gives up those that no block names. */
export interface Need {
  readonly capability: Capability;
  /** What cannot be done without it; completes "needed to ...". */
  readonly purpose: string;
  /** Only blocks that give this option have the need. */
  readonly option?: string;
  /** Kernels from this version on do not ask for it. */
  readonly before?: readonly [major: number, minor: number];
  /** The package's service does not have it. The page of the block says how an operator adds it. */
  readonly optIn?: true;
}

export interface UnixSocket {
  readonly path: string;
  /** Group that owns the socket by convention, used while the socket does not exist. */
  readonly group: string;
}

/** Option table of any block. */
export type AnyOptions = Options<Record<string, unknown>>;

/**
 * A block of hsflowd.conf, apart from its code: what the parser, the check, the manual and the commands know of it. The
 * types of its values follow from the option table.
 */
export interface Module<O> {
  /** Name of the block in the file; null for a part that always runs. */
  readonly keyword: string | null;
  /** Name of a part without a keyword, in the log, in status and in metrics. */
  readonly name?: string;
  /** One sentence for the manual. */
  readonly help: string;
  readonly options: O;
  readonly needs?: readonly Need[];
  /** A socket that is connected to again whenever its server returns: the agent joins the group that may. */
  socketOf?(block: ValuesOf<O>): UnixSocket | undefined;
  /**
   * Things that only one block can have, as a person names them: "port 36343", "nflog group 5". The check reports two
   * blocks that hold the same.
   */
  holds?(block: ValuesOf<O>): readonly string[];
  /** The block brings collectors with it, by `context.layOver`. Only one such block may be given. */
  readonly findsCollectors?: true;
  /** Blocks of this kind name collectors. Returns `blocks`, and one more for each collector that is not among them. */
  withCollectors?(blocks: readonly ValuesOf<O>[], found: readonly FoundCollector[]): readonly ValuesOf<O>[];
  /** The block samples packets. Returns the block to write for one interface: `pcap { dev=eth0 }`. */
  toSample?(device: string): string;
}

/** The interfaces and rates that a block decides by, whether or not an agent runs. */
export type TapView = Pick<Context, "interfaces" | "settings">;

/** How to try whether a block reaches its peers. */
export interface ProbeView {
  readonly host: Host;
  readonly interfaces: Interfaces;
  /** Whether the running agent sends to this peer several times a second. */
  isBusy(name: string): boolean;
}

/** One peer that was tried. */
export interface ProbeReport {
  /** As the report of the running agent names it. */
  readonly name: string;
  /** Why it cannot be reached, and behind a semicolon the remedy; undefined where nothing is known to be wrong. */
  readonly obstacle: string | undefined;
}

/**
 * The code of a block, loaded when the file has the block. `C` is the values of the block, or of every block in file
 * order where there may be several.
 */
export interface ModuleCode<C> {
  create(config: C, context: Context): Running<C>;
  /** Whether each interface would be sampled, and why, by the configuration alone. */
  taps?(config: C, view: TapView): readonly TapReport[];
  /** Sends something harmless to every peer. */
  probe?(config: C, view: ProbeView): Promise<readonly ProbeReport[]>;
}

/** Checks types only: the option table, and what the description says about its values, must agree. */
export const defineModule = <O extends AnyOptions>(module: Module<O>): Module<O> => module;
