// What a block says of itself when it is asked: where it sends, what it samples, what it lacks. Shown by status,
// explain and doctor.

export interface CollectorReport {
  /** As the file names it: `192.0.2.1:6343`. */
  readonly name: string;
  /** Where datagrams go at this moment; undefined while a name has no address yet. */
  readonly address: string | undefined;
  /** Whether there is a socket. */
  readonly open: boolean;
  /** Datagrams that the kernel took, and bytes of them. */
  readonly sent: number;
  readonly bytes: number;
  /** Datagrams that were meant for it and did not go, for whatever reason. */
  readonly failed: number;
  /** The last reason; it may be long ago. */
  readonly lastError: string | undefined;
  /** The same, while it lasts. */
  readonly obstacle: string | undefined;
}

/**
 * `failing`: meant to be sampled, and nobody takes its packets. `off`: a rate of 0 was asked for. `unmatched`: no block
 * wants it. `missing`: a block names it, and there is no such interface.
 */
export type TapState = "sampled" | "failing" | "off" | "down" | "unmatched" | "missing";

export interface TapReport {
  readonly interface: string;
  /** 0 where there is no such interface. */
  readonly index: number;
  readonly state: TapState;
  /** 1-in-N as it is meant to be; 0 is not sampled. */
  readonly rate: number;
  /** 1-in-N at this moment: more than `rate` where sampling.limit was reached. */
  readonly rateInForce: number;
  /** What decided the rate, or why there is none. */
  readonly why: string;
  /** Whether a block asks for this interface by its name. */
  readonly named: boolean;
  /** Who takes the packets; undefined where nobody does. */
  readonly engine: string | undefined;
  /** Samples taken, and lost in the kernel for lack of room, since the tap was opened. */
  readonly packets: number;
  readonly drops: number;
  /** Why nobody does although somebody should. */
  readonly obstacle: string | undefined;
  /** What would have the interface sampled: a command, or a line of the file. */
  readonly remedy?: string | undefined;
}

/** Questions about connections in one network namespace, and how they were answered. */
export interface LookupReport {
  /** Its path; "host" for the agent's own. */
  readonly namespace: string;
  readonly lookups: number;
  readonly hits: number;
  readonly notFound: number;
  /** Of those not found, the ones answered with what was heard shortly before. */
  readonly recalled: number;
  readonly errors: number;
  /** Without an answer in time. */
  readonly deadline: number;
}

/** What is asked of somebody else again and again, and how it was answered the last time. */
export interface QuestionReport {
  readonly question: string;
  /** Undefined until the first has ended. */
  readonly answer: string | undefined;
  /** Whether the last one got no answer, so that an older one counts, or none. */
  readonly failing: boolean;
  /** Seconds since it was answered, where it ever was. */
  readonly age: number | undefined;
  /** Seconds until it is asked again. */
  readonly next: number;
}

/** Rows of figures that no other part of a report has a place for: status prints them, metrics count them. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  /** As many cells as there are columns. Texts name the row, numbers are its figures. */
  readonly rows: readonly (readonly (string | number)[])[];
  /** Name of the metric that the figures become, without its prefix; none without it. */
  readonly metric?: string;
}

/** Each part where the block has it. */
export interface Report {
  readonly collectors?: readonly CollectorReport[];
  readonly taps?: readonly TapReport[];
  readonly lookups?: readonly LookupReport[];
  readonly questions?: readonly QuestionReport[];
  readonly tables?: readonly Table[];
  /** What the whole block needs and cannot have at this moment. */
  readonly obstacle?: string | undefined;
  /** What an operator does about it. */
  readonly remedy?: string | undefined;
}
