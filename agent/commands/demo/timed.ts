// A sample with the uptime of its datagram. Two samples of one data source give a rate.

export interface Timed<S> {
  readonly sample: S;
  /** Milliseconds. */
  readonly uptime: number;
}
