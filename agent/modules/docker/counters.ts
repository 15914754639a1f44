// Counters of docker { }, as status shows them: README.md, "When something is wrong".

export interface ContainerCounters {
  /** First samples. */
  started: number;
  /** Last samples. */
  ended: number;
  /** Known only from a list. */
  found: number;
  /** Known only when they had ended. */
  missed: number;
  /** Ended before their start was read. */
  blinks: number;
  /** Without a control group, so without counters. */
  unread: number;
  outOfMemory: number;
  inspectFailed: number;
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
});
