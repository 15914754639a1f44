// The dependencies of the sFlow agent: a clock, random numbers, a guard that catches errors of callbacks, and a queue
// for work of many data sources.

/** The methods of the host's clock that the agent uses. */
export interface AgentClock {
  /** Returns milliseconds since boot. Never goes back. */
  uptime(): number;
  after(milliseconds: number, callback: () => void): { cancel(): void };
}

/** Runs a callback. If it throws, counts and logs the error under `where` and returns false. Never throws. */
export type Guard = (where: string, run: () => void) => boolean;

/** The functions of the host that the sFlow agent uses. */
export interface Environment {
  readonly clock: AgentClock;
  /** Returns a random whole number, 0 <= n < below, evenly distributed. */
  readonly random: (below: number) => number;
  readonly guard: Guard;
  /** Runs pieces of work in order, at once or soon, with pauses in which packets are read. */
  readonly queue: { add(piece: () => void): void };
}
