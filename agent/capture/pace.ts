// How soon an engine passes on packets after they were captured.

export interface Pace {
  /** True while packets must be passed on soon, because what is looked up for them changes quickly. */
  readonly isUrgent: boolean;
  /**
   * Calls `read`, which passes on packets. It returns true if they have waited as long as samples may wait in their
   * datagram, and false if they may wait there.
   */
  round(read: () => boolean): void;
}

/** Packets are passed on as soon as they are captured, while they are rare. */
export const AT_ONCE: Pace = { isUrgent: true, round: (read) => void read() };
