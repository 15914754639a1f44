// Counters of lookups, one set for each network namespace.

/** The number of lookups in a namespace, in total and by result. */
export interface LookupCounts {
  /** Lookups, one for each distinct connection of a batch. */
  lookups: number;
  hits: number;
  /** Lookups for which the kernel has no socket: the socket is closed, or the packet's addresses were translated. */
  notFound: number;
  /** Lookups not found by the kernel that the hit cache answered. */
  recalled: number;
  errors: number;
  /** Lookups without an answer within 400 ms. */
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
