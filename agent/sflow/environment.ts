// What the agent needs of the world around it: time, chance, and someone who catches what a callback throws.

/** A part of the host's clock. */
export interface AgentClock {
  /** Milliseconds since the machine booted; never goes back. */
  uptime(): number;
  after(milliseconds: number, callback: () => void): { cancel(): void };
}

/**
 * Runs a callback of someone else's: false where it threw, which is then counted under `where` and said. Never throws.
 */
export type Guard = (where: string, run: () => void) => boolean;

export interface Environment {
  readonly clock: AgentClock;
  /** A whole number, 0 <= n < below, evenly distributed. */
  readonly random: (below: number) => number;
  readonly guard: Guard;
}
