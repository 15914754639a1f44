// The contract of a source of the table of interfaces: netlink, or /proc and /sys.

import type { Steps } from "../config/steps.ts";
import type { LinkStats } from "../netlink/link-stats.ts";
import type { Bonding } from "./adaptor.ts";
import type { StatsCounters } from "./link-counters.ts";
import type { Changes } from "./link-table.ts";

/** Fills the table of interfaces and keeps the table current. */
export interface Source {
  /** Reads the table in steps, and then starts to keep it current. */
  starting(): Steps<void>;
  stop(): void;
  counters(index: number): LinkStats | undefined;
  bonding(index: number): Bonding | undefined;
  /** Reads the whole table again, at once or in slices. */
  reload(): void;
}

/** Reports changes of the table to the listeners. */
export type Apply = (changes: Changes) => void;

export interface InterfaceStatistics extends StatsCounters {
  /** Number of messages from the kernel about changes. */
  notices: number;
  /** Number of times that messages were lost. Each time, the whole table was read again. */
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
