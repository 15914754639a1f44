// Where the table of interfaces comes from: netlink, or the files of /proc and /sys.

import type { LinkStats } from "../netlink/link-stats.ts";
import type { Bonding } from "./adaptor.ts";
import type { StatsCounters } from "./link-counters.ts";
import type { Changes } from "./link-table.ts";

export interface Source {
  /** Keeps the table current from here on. */
  start(): void;
  stop(): void;
  counters(index: number): LinkStats | undefined;
  bonding(index: number): Bonding | undefined;
  /** The whole table anew. */
  reload(): void;
}

/** Runs a change of the table, and then tells listeners what came of it: they never see a table half changed. */
export type Apply = (change: (into: Changes) => void) => void;

export interface InterfaceStatistics extends StatsCounters {
  notices: number;
  /** Times that notices were lost and the whole table was asked for instead. */
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
