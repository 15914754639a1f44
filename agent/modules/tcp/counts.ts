// Counters of lookups, one set for each network namespace.

export interface LookupCounts {
  /** Lookups, one for each distinct connection of a batch. */
  lookups: number;
  hits: number;
  /** The kernel has no such socket: it is closed, or the packet's addresses are translated ones. */
  notFound: number;
  /** Connections not found that were answered from the hit cache. */
  recalled: number;
  errors: number;
  /** No answer within the deadline. */
  deadline: number;
}

export const makeCounts = (): LookupCounts => ({
  lookups: 0,
  hits: 0,
  notFound: 0,
  recalled: 0,
  errors: 0,
  deadline: 0,
});

export function addCounts(into: LookupCounts, from: LookupCounts): void {
  into.lookups += from.lookups;
  into.hits += from.hits;
  into.notFound += from.notFound;
  into.recalled += from.recalled;
  into.errors += from.errors;
  into.deadline += from.deadline;
}
