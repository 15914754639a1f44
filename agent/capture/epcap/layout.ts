// The layout of the memory that BPF programs and the agent share: maps, and records of samples. Offsets are in octets.

/** The map of one tap: lines of 64 octets, so that processors do not share a line that they write. */
export const TapMap = {
  /** How much of the wait one packet takes; see waits.ts. */
  step: 0,
  headerBytes: 8,
  samplingRate: 12,
  /** Samples for which the ring had no room. */
  drops: 64,
  /** The wait of processor n is at `waits` + n * `line`. */
  waits: 128,
  line: 64,
} as const;

/** The map that all taps share. */
export const SharedMap = {
  /** A bit for each UDP port of IPv4 and IPv6: set if it is the port of a socket whose datagrams are not sampled. */
  ports4: 0,
  ports6: 8192,
  /** 64 bits each: see waits.ts. */
  quantiles: 16384,
} as const;

/** A record in the ring. */
export const SampleRecord = {
  /** 64 bits: CLOCK_MONOTONIC in nanoseconds. */
  time: 0,
  wireLength: 8,
  captured: 12,
  tap: 16,
  samplingRate: 20,
  /** In network byte order, 16 bits. */
  protocol: 24,
  /** sll_pkttype, 16 bits. */
  packetType: 26,
  /** Index of the interface by which a packet that is sent has arrived; 0 if it is the host's. */
  arrival: 28,
  mark: 32,
  /** Offset of the packet in the record: `packet`, or `tagged` if a VLAN tag was put back. */
  start: 36,
  tagged: 40,
  packet: 44,
} as const;
