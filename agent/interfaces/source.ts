// A source of the table of interfaces: netlink, or /proc and /sys.

import type { LinkStats } from "../netlink/link-stats.ts";
import type { Bonding } from "./adaptor.ts";
import type { StatsCounters } from "./link-counters.ts";
import type { Changes } from "./link-table.ts";

export interface Source {
  /** Reads the table and keeps it current from here on. */
  start(): void;
  stop(): void;
  counters(index: number): LinkStats | undefined;
  bonding(index: number): Bonding | undefined;
  /** Reads the whole table again. */
  reload(): void;
}

/** Runs a change of the table, then reports its results to listeners: they never see a table half changed. */
export type Apply = (change: (into: Changes) => void) => void;

export interface InterfaceStatistics extends StatsCounters {
  /** Messages of the kernel about changes. */
  notices: number;
  /** Times that messages were lost, so that the whole table was read again. */
  noticesLost: number;
  reloads: number;
  reloadsFailed: number;
  added: number;
  removed: number;
  changed: number;
}

export const zeroStatistics = (): InterfaceStatistics => ({
  notices: 0,
  noticesLost: 0,
  reloads: 0,
  reloadsFailed: 0,
  added: 0,
  removed: 0,
  changed: 0,
  statsAsked: 0,
  statsDumped: 0,
  statsFailed: 0,
});
