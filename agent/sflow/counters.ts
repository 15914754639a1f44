// What moved through the agent, was suppressed, or did not fit: plain numbers since start, for `status` and the log.

export interface AgentCounters {
  flowSamples: number;
  counterSamples: number;
  discardSamples: number;
  /** Not made for want of a collector or an agent address. */
  flowSamplesSuppressed: number;
  counterSamplesSuppressed: number;
  discardSamplesSuppressed: number;
  /** Notifications beyond the rate limit of their source, or lost before they came here. */
  discardsLimited: number;
  /** Packet headers cut short, and records left out, because a datagram holds no more. */
  headersCut: number;
  recordsLeftOut: number;
  /** Counters samples that went out as several, because a datagram holds no more; nothing is lost by that. */
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
