// The interfaces of this network namespace: read at the start, then updated when interfaces are added, changed or
// removed. See rtnetlink(7).

import { finish, type Steps } from "../config/steps.ts";
import type { Host, Timer } from "../host/host.ts";
import { WorkQueue } from "../host/work-queue.ts";
import { makeGuard } from "../log/guard.ts";
import { limit } from "../log/limit.ts";
import type { Logger } from "../log/logger.ts";
import { messageOf } from "../log/message-of.ts";
import type { LinkStats } from "../netlink/link-stats.ts";
import type { CounterRecord } from "../sflow/record.ts";
import type { Adaptor, AdaptorChange, Bonding, Interfaces, PortProvider, Provision } from "./adaptor.ts";
import { KernelSource } from "./kernel-source.ts";
import { type Changes, LinkTable } from "./link-table.ts";
import { PortProviders } from "./port-providers.ts";
import { makeProcSource } from "./proc-source.ts";
import { type Apply, type InterfaceStatistics, type Source, zeroStatistics } from "./source.ts";

export interface InterfaceTable extends Interfaces {
  /** Reads the table. The table is complete when `start` returns. */
  start(): void;
  /** Does the same in steps. */
  starting(): Steps<void>;
  stop(): void;
  readonly statistics: Readonly<InterfaceStatistics>;
}

/**
 * Milliseconds between reloads, as in hsflowd. Reloads are needed because the kernel does not report some changes: a
 * speed that was set by hand, and the state of bond members.
 */
const RELOAD_EVERY = 180_000;

class Table implements InterfaceTable {
  readonly polled = new Set<number>();
  readonly statistics: InterfaceStatistics = zeroStatistics();
  readonly #host: Host;
  readonly #log: Logger;
  readonly #table: LinkTable;
  readonly #providers: PortProviders;
  readonly #queue: WorkQueue;
  readonly #listeners = new Set<(change: AdaptorChange) => void>();
  readonly #requests = new Map<number, number>();
  #source: Source | undefined;
  #timer: Timer | undefined;

  constructor(host: Host, log: Logger) {
    this.#host = host;
    this.#log = log;
    this.#queue = new WorkQueue(host.clock);
    this.#providers = new PortProviders(makeGuard(limit(log, host.clock)).failed);
    this.#table = new LinkTable(host.files, (adaptor) => this.#providers.describe(adaptor));
  }

  all = (): readonly Adaptor[] => this.#table.all();
  byIndex = (index: number): Adaptor | undefined => this.#table.byIndex(index);
  byName = (name: string): Adaptor | undefined => this.#table.byName(name);
  bonding = (index: number): Bonding | undefined => this.#source?.bonding(index);

  counters(index: number): LinkStats | undefined {
    const adaptor = this.byIndex(index);
    if (adaptor?.countersFrom === undefined) return this.#source?.counters(index);
    return this.#providers.counters(adaptor);
  }

  portRecords(index: number): readonly CounterRecord[] {
    const adaptor = this.byIndex(index);
    return adaptor === undefined ? [] : this.#providers.records(adaptor);
  }

  provide(provider: PortProvider): Provision {
    const describeAgain = (): void => {
      const changes: Changes = [];
      this.#table.describeAgain(changes);
      this.#apply(changes);
    };
    this.#providers.add(provider);
    describeAgain();
    return {
      changed: () => {
        if (this.#providers.has(provider)) describeAgain();
      },
      close: () => {
        if (this.#providers.remove(provider)) describeAgain();
      },
    };
  }

  start(): void {
    finish(this.starting());
  }

  *starting(): Steps<void> {
    yield* this.#openingSource();
    this.#timer = this.#host.clock.every(RELOAD_EVERY, () => this.#source?.reload());
  }

  stop(): void {
    this.#timer?.cancel();
    this.#queue.clear();
    this.#source?.stop();
    this.#source = undefined;
  }

  onChange(listener: (change: AdaptorChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  poll(index: number): () => void {
    let active = true;
    this.#request(index, 1);
    return () => {
      if (active) this.#request(index, -1);
      active = false;
    };
  }

  #request(index: number, by: 1 | -1): void {
    const wanted = (this.#requests.get(index) ?? 0) + by;
    if (wanted > 0) this.#requests.set(index, wanted);
    else this.#requests.delete(index);
    if (this.polled.has(index) === wanted > 0) return;
    if (wanted > 0) this.polled.add(index);
    else this.polled.delete(index);
    const adaptor = this.byIndex(index);
    if (adaptor !== undefined) this.#report({ kind: "changed", adaptor });
  }

  *#openingSource(): Steps<void> {
    const parts = [this.#host, this.#table, this.#apply, this.statistics] as const;
    let kernel: Source | undefined;
    try {
      kernel = new KernelSource(...parts);
      yield* kernel.starting();
      this.#source = kernel;
    } catch (error) {
      kernel?.stop();
      const reason = messageOf(error);
      this.#log.warn(
        `netlink is unavailable (${reason}): interfaces are read from /sys every 10 s, without their addresses`,
      );
      const files = makeProcSource(...parts);
      yield* files.starting();
      this.#source = files;
    }
  }

  /** Thousands of changes may come at once, and each concerns all listeners. */
  readonly #apply: Apply = (changes) => {
    for (const change of changes) {
      this.statistics[change.kind]++;
      this.#log.debug(1, () => `${change.adaptor.name} (${change.adaptor.index}) ${change.kind}`);
      if (this.#listeners.size > 0) this.#queue.add(() => this.#report(change));
    }
  };

  #report(change: AdaptorChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}

export const makeInterfaces = (host: Host, log: Logger): InterfaceTable => new Table(host, log);
