// A sample with the uptime of its datagram. Two samples of one data source give a rate.

/** A sample, and the uptime of the agent when the datagram was sent. */
export interface Timed<S> {
  readonly sample: S;
  /** Milliseconds. */
  readonly uptime: number;
}
