// State of a service unit, as systemd reports it. See org.freedesktop.systemd1(5).

export interface UnitState {
  readonly unit: string;
  readonly active: string;
  readonly sub: string;
  /** Main process, or else the control process; 0 if there is neither. */
  readonly pid: number;
  /** Hex digits of the invocation ID, new at each start; empty if the unit never started. */
  readonly invocation: string;
  /** Time of the last start, in seconds of the UNIX epoch; 0 if the unit never started. */
  readonly startedAt: number;
}

/** Substates of a unit that is not inactive and has no processes. */
const WITHOUT_PROCESSES = new Set([
  "exited",
  "auto-restart",
  "auto-restart-queued",
  "dead-before-auto-restart",
  "failed-before-auto-restart",
  "dead",
  "failed",
]);

/** Tells whether the unit may have processes. */
export const mayRun = ({ active, sub }: Pick<UnitState, "active" | "sub">): boolean =>
  active !== "inactive" && active !== "failed" && !WITHOUT_PROCESSES.has(sub);
