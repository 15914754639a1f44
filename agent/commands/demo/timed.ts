// A sample and the uptime of the datagram that brought it: two of one source make a rate.

export interface Timed<S> {
  readonly sample: S;
  /** Milliseconds. */
  readonly uptime: number;
}
