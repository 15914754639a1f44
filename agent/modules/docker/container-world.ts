// The surroundings of a container: the world that it is in, the list that it belongs to, and how it was noticed.

import type { Clock } from "../../host/host.ts";
import type { WorkloadSource } from "../../workloads/workloads.ts";
import type { ContainerFacts } from "./answers.ts";
import type { ContainerCounters } from "./counters.ts";

export interface ContainerWorld {
  readonly source: Pick<WorkloadSource, "begin" | "openGroup">;
  readonly clock: Pick<Clock, "uptime" | "after">;
  /** Resolves to undefined if the engine no longer knows the container. Rejects if the request fails. */
  inspect(id: string): Promise<ContainerFacts | undefined>;
  /** Report hostnames instead of names. */
  readonly useHostname: boolean;
  debug(message: () => string): void;
}

/** The list that a container belongs to. It keeps the counters and is notified of the end. */
export interface ContainerList {
  readonly counters: ContainerCounters;
  /** Removes a container that has ended or cannot be reported. `reported`: its last sample was sent. */
  remove(container: { readonly id: string }, reported: boolean): void;
  /** Called once, when the container has its data source with the sequence numbers of this run, or needs none. */
  decided(): void;
  /** Called with the start of a container that the list brought, in seconds of the UNIX epoch. */
  unannounced(startedAt: number): void;
}

export interface Start {
  readonly id: string;
  /** Undefined if the event or the list entry has no name. */
  readonly name: string | undefined;
  /** By default, running. */
  readonly state?: number;
  /**
   * The event may be a late one of a run that has ended. Then the container is reported only if one of its processes
   * is found.
   */
  readonly doubtful?: boolean;
  /** The start event was held up. If the container has ended, it was missed. */
  readonly late?: boolean;
  /** A list has the container, and no event has named it. */
  readonly listed?: boolean;
}
