// What moved through lookups: counted by network namespace, shown as plain numbers.

export interface LookupCounts {
  /** Questions about a connection, one for each distinct connection of a batch. */
  lookups: number;
  hits: number;
  /** No such socket: it is gone, or the address is another's behind translation. */
  notFound: number;
  /** Of those not found, the ones whose figures were heard shortly before. */
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
