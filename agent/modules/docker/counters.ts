// Counters of docker { } in the status. See README.md, "When something is wrong".

export interface ContainerCounters {
  /** First samples sent. */
  started: number;
  /** Last samples sent. */
  ended: number;
  /** Containers discovered in a list, without a start event. */
  found: number;
  /** Containers discovered only after they had ended. */
  missed: number;
  /** Containers that ended before their first sample was sent. */
  blinks: number;
  /** Containers without a cgroup, reported without counters. */
  unread: number;
  outOfMemory: number;
  inspectFailed: number;
  /** Containers not reported, because all data sources are in use. */
  dropped: number;
}

export const zeroCounters = (): ContainerCounters => ({
  started: 0,
  ended: 0,
  found: 0,
  missed: 0,
  blinks: 0,
  unread: 0,
  outOfMemory: 0,
  inspectFailed: 0,
  dropped: 0,
});
