// Counters of the agent since its start, for `hsflowd status` and the log: samples sent, suppressed, or too large.

/** Numbers of samples, records and notifications since the start of the agent. */
export interface AgentCounters {
  flowSamples: number;
  counterSamples: number;
  discardSamples: number;
  /** Samples of InMon: rtmetric and rtflow. */
  customSamples: number;
  /** Samples that were not sent, because there was no collector or no agent address. */
  flowSamplesSuppressed: number;
  counterSamplesSuppressed: number;
  discardSamplesSuppressed: number;
  customSamplesSuppressed: number;
  /** Notifications above the rate limit of their source, or lost before they reached the agent. */
  discardsLimited: number;
  /** Packet headers that were truncated to fit a datagram. */
  headersCut: number;
  /** Records that were left out because they did not fit a datagram. */
  recordsLeftOut: number;
  /** Counters samples that were split into several, because they did not fit a datagram. No records are lost. */
  counterSamplesSplit: number;
}

export const zeroCounters = (): AgentCounters => ({
  flowSamples: 0,
  counterSamples: 0,
  discardSamples: 0,
  customSamples: 0,
  flowSamplesSuppressed: 0,
  counterSamplesSuppressed: 0,
  discardSamplesSuppressed: 0,
  customSamplesSuppressed: 0,
  discardsLimited: 0,
  headersCut: 0,
  recordsLeftOut: 0,
  counterSamplesSplit: 0,
});
