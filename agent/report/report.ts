// The report of a block for the commands status, explain and doctor: collectors, sampled interfaces, and faults.

export interface CollectorReport {
  /** The host name or address in the file, and the port: `192.0.2.1:6343`. */
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
  /** The last error of sending, which may be long ago. */
  readonly lastError: string | undefined;
  /** The reason why sending fails now; undefined if it works. */
  readonly obstacle: string | undefined;
}

/**
 * The state of an interface. `failing`: it should be sampled, but no capture engine receives its packets. `off`: its
 * sampling rate is 0. `unmatched`: no block matches it. `missing`: a block names it, but it does not exist.
 */
export type TapState = "sampled" | "failing" | "off" | "down" | "unmatched" | "missing";

export interface TapReport {
  readonly interface: string;
  /** The ifIndex; 0 if the interface does not exist. */
  readonly index: number;
  readonly state: TapState;
  /** 1-in-N as configured; 0 means not sampled. */
  readonly rate: number;
  /** 1-in-N now. N is above `rate` if sampling.limit was reached. */
  readonly rateInForce: number;
  /** The setting that decides the rate, or the reason why the interface is not sampled. */
  readonly why: string;
  /** True if a block names this interface, false if it only matches a pattern. */
  readonly named: boolean;
  /** The capture engine that receives the packets; undefined if none does. */
  readonly engine: string | undefined;
  /** Samples received since sampling of the interface began. */
  readonly packets: number;
  /** Samples lost since then, because a buffer in the kernel was full. */
  readonly drops: number;
  /** The reason why no capture engine receives the packets, in state `failing`. */
  readonly obstacle: string | undefined;
  /** The way to have the interface sampled: a command, or a line for the file. */
  readonly remedy?: string | undefined;
}

/** Look-ups of connections in one network namespace, by result. */
export interface LookupReport {
  /** The path of the namespace; "host" for the namespace of the agent. */
  readonly namespace: string;
  readonly lookups: number;
  readonly hits: number;
  readonly notFound: number;
  /** Look-ups of connections not found, which were answered from an earlier result. */
  readonly recalled: number;
  readonly errors: number;
  /** Look-ups without an answer in time. */
  readonly deadline: number;
}

/** A query that is repeated, for example to DNS, and its last answer. */
export interface QuestionReport {
  readonly question: string;
  /** The last answer; undefined until the first query has ended. */
  readonly answer: string | undefined;
  /** True if the last query failed. An earlier answer, if there was one, then stays in force. */
  readonly failing: boolean;
  /** Seconds since the last answer; undefined if there was none. */
  readonly age: number | undefined;
  /** Seconds until the next query. */
  readonly next: number;
}

/** A table of other numbers, printed by `hsflowd status` and exported by metrics { }. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  /** Rows with one cell per column. Cells with text name the row, cells with numbers are its values. */
  readonly rows: readonly (readonly (string | number)[])[];
  /** The name of the metric without its prefix. If absent, metrics { } does not export the table. */
  readonly metric?: string;
}

/** The report of a block. All members are optional. */
export interface Report {
  readonly collectors?: readonly CollectorReport[];
  readonly taps?: readonly TapReport[];
  readonly lookups?: readonly LookupReport[];
  readonly questions?: readonly QuestionReport[];
  readonly tables?: readonly Table[];
  /** The reason why the block does not work now. */
  readonly obstacle?: string | undefined;
  /** The way to fix `obstacle`. */
  readonly remedy?: string | undefined;
}
