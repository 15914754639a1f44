// The report of a block for status, explain and doctor: its collectors, the interfaces it samples, and what it lacks.

export interface CollectorReport {
  /** The name in the file: `192.0.2.1:6343`. */
  readonly name: string;
  /** The present destination; undefined while a host name has no address. */
  readonly address: string | undefined;
  /** Tells whether the collector has a socket. */
  readonly open: boolean;
  /** Datagrams that the kernel accepted. */
  readonly sent: number;
  /** Bytes of these datagrams. */
  readonly bytes: number;
  /** Datagrams for this collector that could not be sent, for any reason. */
  readonly failed: number;
  /** The last reason, which may be long ago. */
  readonly lastError: string | undefined;
  /** The present reason, if sending fails now. */
  readonly obstacle: string | undefined;
}

/**
 * The state of an interface. `failing`: it should be sampled, but no engine takes its packets. `off`: its rate is 0.
 * `unmatched`: no block samples it. `missing`: a block names it, but it does not exist.
 */
export type TapState = "sampled" | "failing" | "off" | "down" | "unmatched" | "missing";

export interface TapReport {
  readonly interface: string;
  /** The ifIndex; 0 if the interface does not exist. */
  readonly index: number;
  readonly state: TapState;
  /** 1-in-N as configured; 0 means not sampled. */
  readonly rate: number;
  /** 1-in-N now: more than `rate` if sampling.limit was reached. */
  readonly rateInForce: number;
  /** The reason for the rate, or why there is none. */
  readonly why: string;
  /** Tells whether a block names this interface. */
  readonly named: boolean;
  /** The engine that takes the packets; undefined if none does. */
  readonly engine: string | undefined;
  /** Samples taken since the tap was opened. */
  readonly packets: number;
  /** Samples lost in the kernel for lack of room since then. */
  readonly drops: number;
  /** Why no engine takes the packets, although one should. */
  readonly obstacle: string | undefined;
  /** How to get the interface sampled: a command, or a line of the file. */
  readonly remedy?: string | undefined;
}

/** Look-ups of connections in one network namespace, by result. */
export interface LookupReport {
  /** The path of the namespace; "host" for that of the agent. */
  readonly namespace: string;
  readonly lookups: number;
  readonly hits: number;
  readonly notFound: number;
  /** The ones not found that were answered from an earlier result. */
  readonly recalled: number;
  readonly errors: number;
  /** Look-ups without an answer in time. */
  readonly deadline: number;
}

/** A question that is repeated, such as one to DNS, and its last answer. */
export interface QuestionReport {
  readonly question: string;
  /** The last answer; undefined until the first question has ended. */
  readonly answer: string | undefined;
  /** Tells whether the last question got no answer, so that an older answer applies, or none. */
  readonly failing: boolean;
  /** Seconds since the last answer; undefined without one. */
  readonly age: number | undefined;
  /** Seconds until the next question. */
  readonly next: number;
}

/** A table of other figures. `status` prints it, and metrics { } exports it. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  /** Rows with one cell per column. Texts name the row, numbers are its figures. */
  readonly rows: readonly (readonly (string | number)[])[];
  /** The name of the metric for the figures, without its prefix. Without it there is no metric. */
  readonly metric?: string;
}

/** The report of a block. Each part is optional. */
export interface Report {
  readonly collectors?: readonly CollectorReport[];
  readonly taps?: readonly TapReport[];
  readonly lookups?: readonly LookupReport[];
  readonly questions?: readonly QuestionReport[];
  readonly tables?: readonly Table[];
  /** What the block needs and cannot get now. */
  readonly obstacle?: string | undefined;
  /** What the operator can do about it. */
  readonly remedy?: string | undefined;
}
