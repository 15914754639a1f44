// What systemd says of a service, reduced to what is used here. org.freedesktop.systemd1(5).

export interface UnitState {
  readonly unit: string;
  readonly active: string;
  readonly sub: string;
  /** Main process, else the control process; 0 where there is neither. */
  readonly pid: number;
  /** Hex digits, new each time the unit starts; empty where it never did. */
  readonly invocation: string;
  /** When it last left the inactive state, in seconds of the UNIX epoch; 0 where it never did. */
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

/** Whether the unit may have processes. */
export const mayRun = ({ active, sub }: Pick<UnitState, "active" | "sub">): boolean =>
  active !== "inactive" && active !== "failed" && !WITHOUT_PROCESSES.has(sub);
