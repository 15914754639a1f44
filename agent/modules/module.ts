// The contract of a block of hsflowd.conf: its description and its code. Each block has a folder here. How to write a
// block is explained in README.md in this folder.

import type { CaptureEngine } from "../capture/engine.ts";
import type { OwnTraffic } from "../capture/own-traffic.ts";
import type { Options, ValuesOf } from "../config/option.ts";
import type { Steps } from "../config/steps.ts";
import type { Flows } from "../flow/flows.ts";
import type { Host } from "../host/host.ts";
import type { Interfaces } from "../interfaces/adaptor.ts";
import type { Logger } from "../log/logger.ts";
import type { Capability } from "../proc/status.ts";
import type { AgentStatus } from "../report/agent-status.ts";
import type { FoundCollector, LayOver } from "../report/found.ts";
import type { Report, TapReport } from "../report/report.ts";
import type { Settings } from "../settings/settings.ts";
import type { SflowConfig } from "../settings/sflow-block.ts";
import type { SflowAgent } from "../sflow/agent.ts";
import type { Collectors } from "../sflow/receiver.ts";
import type { Workloads } from "../workloads/workloads.ts";

/** Everything that a block may use. A block has no access to datagrams, to other blocks, or to Node's own I/O. */
export interface Context {
  readonly host: Host;
  readonly agent: SflowAgent;
  readonly collectors: Collectors;
  readonly flows: Flows;
  readonly interfaces: Interfaces;
  readonly workloads: Workloads;
  /** The sockets whose datagrams are not sampled. */
  readonly ownTraffic: OwnTraffic;
  readonly settings: Settings;
  readonly log: Logger;
  readonly layOver: LayOver;
  /** Status of the agent, without the reports that take steps. */
  readonly status?: () => AgentStatus;
  /** The same with all reports, for a block that publishes it. */
  readonly wholeStatus?: () => Promise<AgentStatus>;
  /** Capture engine that replaces the kernel's, such as the replay of a file. */
  readonly capture?: CaptureEngine;
}

/** A running block. */
export interface Running<C = never> {
  start(): void | Promise<void>;
  stop(): void | Promise<void>;
  /**
   * Applies a new configuration and leaves unchanged parts alone. Also called when only `settings` changed. A block
   * without this method is stopped and created again.
   */
  reconfigure?(config: C): void | Promise<void>;
  /**
   * Undoes changes that the block made by itself, such as a doubled sampling rate. Called when the file was read again
   * and the block is unchanged. `reconfigure` must do the same.
   */
  restore?(): void;
  /** Returns the block's counters for `status`. */
  counters?(): Readonly<Record<string, number>>;
  /**
   * Reports destinations, sampled interfaces and obstacles. Called for commands only, never while packets are
   * processed.
   */
  report?(): Report;
  /** Does the same in steps, for a block with thousands of interfaces. Used instead of `report` where it exists. */
  reporting?(): Steps<Report>;
}

/** A capability that a block needs. The agent drops all capabilities that no block needs. */
export interface Need {
  readonly capability: Capability;
  /** Purpose of the capability; completes "needed to ...". */
  readonly purpose: string;
  /** If set, only blocks with this option need the capability. */
  readonly option?: string;
  /** If set, only blocks whose option has one of these values need the capability. */
  readonly values?: readonly string[];
  /** If set, the capability is needed only before this kernel version. */
  readonly before?: readonly [major: number, minor: number];
  /** The package's service does not have the capability. The page of the block explains how to add it. */
  readonly optIn?: true;
}

export interface UnixSocket {
  readonly path: string;
  /** Group that owns the socket by convention, used while the socket does not exist. */
  readonly group: string;
}

/** Why the values of a block are not allowed together, and what to do. */
export interface Invalid {
  readonly message: string;
  readonly remedy: string;
}

/** A block that repeats another of its kind. */
export interface Repeat {
  /** Positions of the two among the blocks. */
  readonly block: number;
  readonly other: number;
  /** What that means, as the beginning of a sentence that names the line of the other: "has no effect, because of". */
  readonly message: string;
  readonly remedy: string;
}

/** Option table of any block. */
export type AnyOptions = Options<Record<string, unknown>>;

/**
 * Description of a block of hsflowd.conf, without its code, for the parser, the check, the manual and the commands. The
 * types of its values follow from the option table.
 */
export interface Module<O> {
  /** Name of the block in the file; null for a module that always runs and has no block. */
  readonly keyword: string | null;
  /** Name of a module without a keyword, in the log, in status and in metrics. */
  readonly name?: string;
  /** One sentence for the manual. */
  readonly help: string;
  readonly options: O;
  readonly needs?: readonly Need[];
  /** Socket that the block connects to again and again. The agent keeps the group that may open the socket. */
  socketOf?(block: ValuesOf<O>): UnixSocket | undefined;
  /** TCP port that the block connects to. A confined agent reaches no other. */
  portOf?(block: ValuesOf<O>): number | undefined;
  /**
   * Resources that only one block can use, in words: "port 36343", "nflog group 5". The check reports two blocks that
   * use the same resource.
   */
  holds?(block: ValuesOf<O>): readonly string[];
  /** Files outside the folders of the system that the block reads. A confined agent may read these files, too. */
  reads?(block: ValuesOf<O>): readonly string[];
  /** The block discovers collectors, by `context.layOver`. Only one such block is allowed. */
  readonly findsCollectors?: true;
  /**
   * Defined for blocks that configure collectors. Returns `blocks`, plus one block for each other collector in `found`.
   */
  withCollectors?(blocks: readonly ValuesOf<O>[], found: readonly FoundCollector[]): readonly ValuesOf<O>[];
  /**
   * Why no datagram can reach the collector of this block, by the block's values alone; undefined if one may. A clause:
   * "fe80::1 has no interface".
   */
  unreachable?(block: ValuesOf<O>): string | undefined;
  /** Returns why these values are not allowed together; undefined if they are. The check reports an error. */
  invalid?(block: ValuesOf<O>): Invalid | undefined;
  /** Returns the blocks that repeat another, by their values alone; the check warns. */
  repeats?(blocks: readonly ValuesOf<O>[]): readonly Repeat[];
  /** The block samples interfaces. Returns the block to write for one interface: `pcap { dev=eth0 }`. */
  toSample?(device: string): string;
  /**
   * Defined for blocks that bring packet samples. Returns why all blocks of this kind together bring none, by their
   * values alone, as a clause; undefined if they may bring some.
   */
  samplesNothing?(blocks: readonly ValuesOf<O>[], sflow: SflowConfig): string | undefined;
  /** The block sends counters of workloads when they start and end, also with `polling = 0`. */
  readonly reportsWorkloads?: true;
}

/** The interfaces and settings by which a block decides what to sample, whether or not an agent runs. */
export type TapView = Pick<Context, "interfaces" | "settings">;

/** Everything that a probe uses. A probe tests whether a block reaches its peers. */
export interface ProbeView {
  readonly host: Host;
  readonly interfaces: Interfaces;
  /** Most bytes of a datagram: a probe is as long, because a path may lose long datagrams only. */
  readonly datagramBytes: number;
  /** The address that the running agent sends to, where a name has several; undefined if it has none. */
  addressInUse(name: string): string | undefined;
  /** Whether the running agent sends to this peer several times a second. */
  isBusy(name: string): boolean;
}

/** Result of a probe for one peer. */
export interface ProbeReport {
  /** Name of the peer, as in the report of the running agent. */
  readonly name: string;
  /** Why the peer cannot be reached, and the remedy after a semicolon; undefined if no problem is known. */
  readonly obstacle: string | undefined;
  /** Why the user who asks cannot try the peer, as a clause; undefined if the peer was tried. */
  readonly untried?: string;
  /** What is lost on the way to a peer that can be reached, and the remedy after a semicolon. */
  readonly loss: string | undefined;
}

/**
 * The code of a block, loaded when the file has the block. `C` is the type of the block's values, or an array of these
 * in file order if several blocks are allowed.
 */
export interface ModuleCode<C> {
  create(config: C, context: Context): Running<C>;
  /** Reports for each interface whether it would be sampled, and why, by the configuration alone. */
  taps?(config: C, view: TapView): readonly TapReport[];
  /** Tests every peer by sending something harmless. */
  probe?(config: C, view: ProbeView): Promise<readonly ProbeReport[]>;
}

/** Returns the module unchanged. Lets the compiler check that its functions agree with the option table. */
export const defineModule = <O extends AnyOptions>(module: Module<O>): Module<O> => module;
