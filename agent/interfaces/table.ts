// The interfaces of this network namespace: found at the start, and followed as they come, change and go. rtnetlink(7).

import type { Host, Timer } from "../host/host.ts";
import type { Logger } from "../log/logger.ts";
import type { AdaptorChange, Interfaces } from "./adaptor.ts";
import { openKernelSource } from "./kernel-source.ts";
import { type Changes, makeLinkTable } from "./link-table.ts";
import { makeProcSource } from "./proc-source.ts";
import { type Apply, type InterfaceStatistics, type Source, zeroStatistics } from "./source.ts";

export interface InterfaceTable extends Interfaces {
  /** Synchronous: when it returns the table is whole. */
  start(): void;
  stop(): void;
  readonly statistics: Readonly<InterfaceStatistics>;
}

/**
 * Milliseconds between looks at everything. The kernel sends no notice of some changes: a speed set by hand, what a bond
 * makes of its members. hsflowd looks as often.
 */
const LOOK_EVERY = 180_000;

export function makeInterfaces(host: Host, log: Logger): InterfaceTable {
  const table = makeLinkTable(host.files);
  const statistics = zeroStatistics();
  const listeners = new Set<(change: AdaptorChange) => void>();
  const wishes = new Map<number, number>();
  const polled = new Set<number>();
  let source: Source | undefined;
  let timer: Timer | undefined;

  const tell = (change: AdaptorChange): void => {
    for (const listener of [...listeners]) listener(change);
  };

  const apply: Apply = (change) => {
    const changes: Changes = [];
    change(changes);
    for (const change of changes) {
      statistics[change.kind]++;
      log.debug(1, () => `${change.adaptor.name} (${change.adaptor.index}) ${change.kind}`);
      tell(change);
    }
  };

  function openSource(): Source {
    let kernel: Source | undefined;
    try {
      kernel = openKernelSource(host, table, apply, statistics);
      kernel.start();
      return kernel;
    } catch (error) {
      kernel?.stop();
      const reason = error instanceof Error ? error.message : String(error);
      log.warn(`netlink cannot be had (${reason}): interfaces are read from /sys every 10 s, without their addresses`);
      const files = makeProcSource(host, table, apply, statistics);
      files.start();
      return files;
    }
  }

  function wish(index: number, by: 1 | -1): void {
    const wanted = (wishes.get(index) ?? 0) + by;
    wishes.set(index, wanted);
    if (polled.has(index) === wanted > 0) return;
    if (wanted > 0) polled.add(index);
    else polled.delete(index);
    const adaptor = table.byIndex(index);
    if (adaptor !== undefined) tell({ kind: "changed", adaptor });
  }

  return {
    all: table.all,
    byIndex: table.byIndex,
    byName: table.byName,
    byMac: table.byMac,
    counters: (index) => source?.counters(index),
    bonding: (index) => source?.bonding(index),
    polled,
    statistics,
    poll(index) {
      let standing = true;
      wish(index, 1);
      return () => {
        if (standing) wish(index, -1);
        standing = false;
      };
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      source = openSource();
      timer = host.clock.every(LOOK_EVERY, () => source?.reload());
    },
    stop() {
      timer?.cancel();
      source?.stop();
      source = undefined;
    },
  };
}
