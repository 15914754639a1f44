// Counters of the agent since its start: samples sent, suppressed, or too large. For `status` and the log.

export interface AgentCounters {
  flowSamples: number;
  counterSamples: number;
  discardSamples: number;
  /** Samples not made, because there is no collector or no agent address. */
  flowSamplesSuppressed: number;
  counterSamplesSuppressed: number;
  discardSamplesSuppressed: number;
  /** Notifications beyond the rate limit of their source, or lost before the agent. */
  discardsLimited: number;
  /** Packet headers cut to fit a datagram. */
  headersCut: number;
  /** Records left out because they do not fit a datagram. */
  recordsLeftOut: number;
  /** Splits of counters samples over several, because they do not fit a datagram. Nothing is lost. */
  counterSamplesSplit: number;
}

export const zeroCounters = (): AgentCounters => ({
  flowSamples: 0,
  counterSamples: 0,
  discardSamples: 0,
  flowSamplesSuppressed: 0,
  counterSamplesSuppressed: 0,
  discardSamplesSuppressed: 0,
  discardsLimited: 0,
  headersCut: 0,
  recordsLeftOut: 0,
  counterSamplesSplit: 0,
});
