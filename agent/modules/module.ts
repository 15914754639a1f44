// The contract of a block: its options, and how it comes to life. One folder a block; see agent/README.md, "how to add
// a block".

import type { CaptureEngine } from "../capture/engine.ts";
import type { Options } from "../config/option.ts";
import type { Flows } from "../flow/flows.ts";
import type { Host } from "../host/host.ts";
import type { Interfaces } from "../interfaces/adaptor.ts";
import type { Logger } from "../log/logger.ts";
import type { Capability } from "../proc/status.ts";
import type { AgentStatus } from "../report/agent-status.ts";
import type { LayOver } from "../report/found.ts";
import type { Report } from "../report/report.ts";
import type { Settings } from "../settings/settings.ts";
import type { SflowAgent } from "../sflow/agent.ts";
import type { Collectors } from "../sflow/receiver.ts";

/** What a module may reach. It never sees a datagram, another module, or Node's own I/O. */
export interface Context {
  readonly host: Host;
  readonly agent: SflowAgent;
  readonly collectors: Collectors;
  readonly flows: Flows;
  readonly interfaces: Interfaces;
  readonly settings: Settings;
  readonly log: Logger;
  readonly layOver: LayOver;
  /** What the agent has done so far, for a module that tells it further. */
  readonly status?: () => AgentStatus;
  /** Takes the packets instead of the kernel's engines: a file that is replayed. */
  readonly capture?: CaptureEngine;
}

export interface Running<C = never> {
  start(): void | Promise<void>;
  stop(): void | Promise<void>;
  /**
   * Brings it to what the file says now, without touching what did not change; also called where only `settings`
   * changed. Where it is absent, other blocks mean a stop and a new beginning.
   */
  reconfigure?(blocks: readonly C[]): void | Promise<void>;
  /**
   * The file was read again and says nothing new: what the block has changed of its own accord is to be as the file
   * says. Part of what `reconfigure` does.
   */
  restore?(): void;
  /** Plain counters of what moved through: what `status` shows. */
  counters?(): Readonly<Record<string, number>>;
  /**
   * Where it sends, what it samples, what it lacks: asked for by `status` and the like, never in the flow of packets.
   */
  report?(): Report;
}

/** What a block takes beyond what any user may do; the agent gives up whatever none of its blocks names. */
export interface Need {
  readonly capability: Capability;
  /** What cannot be done without it: goes on after "to". */
  readonly purpose: string;
  /** Only blocks that give this option have the need. */
  readonly option?: string;
  /** Linux does without from this version on. */
  readonly before?: readonly [major: number, minor: number];
}

export interface UnixSocket {
  readonly path: string;
  /** The group that it belongs to by custom, for as long as it is not there. */
  readonly group: string;
}

export interface Module<C> {
  /** The block's name in the file; null for a part that always runs. */
  readonly keyword: string | null;
  /** What a part without a keyword is called in the log, in status and in metrics. */
  readonly name?: string;
  /** One sentence for the manual. */
  readonly help: string;
  readonly options: Options<C>;
  /** The block may be given several times; otherwise the last one counts. */
  readonly many?: true;
  /** Absent where the block is known and checked but has no implementation yet: one warning names it. */
  readonly load?: () => Promise<Loaded<C>>;
  readonly needs?: readonly Need[];
  /** A socket that is connected to again whenever who serves it comes back: the agent joins the group that may. */
  socketOf?(block: C): UnixSocket | undefined;
}

export interface Loaded<C> {
  /** Every block of this keyword, in file order: exactly one where the module is not `many`. */
  create(blocks: readonly C[], context: Context): Running<C>;
}

/** Only checks types: a table of options and the code that uses it must agree. */
export const defineModule = <C>(module: Module<C>): Module<C> => module;
