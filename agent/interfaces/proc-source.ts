// The table of interfaces from /proc and /sys, read every 10 s.

import { finish, type Steps } from "../config/steps.ts";
import type { Host, Timer } from "../host/host.ts";
import { makeDeviceCounters } from "./link-counters.ts";
import type { LinkTable } from "./link-table.ts";
import { readProcLinks } from "./proc-links.ts";
import type { Apply, InterfaceStatistics, Source } from "./source.ts";

/** Milliseconds between two readings. */
const EVERY = 10_000;

export function makeProcSource(
  { files, clock }: Host,
  table: LinkTable,
  apply: Apply,
  statistics: InterfaceStatistics,
): Source {
  let timer: Timer | undefined;
  function* reloading(): Steps<void> {
    statistics.reloads++;
    for (const changes of table.replacing(readProcLinks(files), undefined)) {
      apply(changes);
      yield;
    }
  }
  const reload = (): void => finish(reloading());
  return {
    *starting() {
      yield* reloading();
      timer = clock.every(EVERY, reload);
    },
    stop: () => timer?.cancel(),
    counters: makeDeviceCounters(files, clock, (index) => table.byIndex(index)?.device),
    bonding: () => undefined,
    reload,
  };
}
