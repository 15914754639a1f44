// Sends a query to one name server: by UDP, again by TCP if the answer is too large, and without EDNS if the server
// does not support it. See RFC 1035, section 7, RFC 7766, section 5, and RFC 6891, section 7.

import type { Host, NameServer } from "../host/host.ts";
import { encodeQuestion, type Question, type Reading, type RecordType, readAnswer } from "./message.ts";

export interface DnsCounters {
  /** Messages sent. */
  questions: number;
  /** Messages that answered a question, including refusals. */
  answers: number;
  /** Messages that did not answer the question. */
  foreign: number;
  /** Answers that were too large for UDP, so that the query was repeated by TCP. */
  truncated: number;
  malformed: number;
  /** Questions without an answer in time. */
  silent: number;
  /** Questions whose server could not be reached. */
  unreachable: number;
  /** Answers with an error code such as SERVFAIL or REFUSED. */
  refusals: number;
}

export const makeDnsCounters = (): DnsCounters => ({
  questions: 0,
  answers: 0,
  foreign: 0,
  truncated: 0,
  malformed: 0,
  silent: 0,
  unreachable: 0,
  refusals: 0,
});

/** A question without an answer. `why` is short: `SERVFAIL`, `no answer within 5 s`. */
export interface Failure {
  readonly kind: "failure";
  readonly why: string;
}

export type Answered<T extends RecordType> = Extract<Reading<T>, { kind: "records" | "none" }>;

export interface QuestionContext {
  readonly host: Pick<Host, "askNameServer" | "clock" | "random">;
  readonly server: NameServer;
  /** Longest wait for the answer in milliseconds. */
  readonly timeout: number;
  readonly onlyTcp: boolean;
  readonly counters: DnsCounters;
  /** Ends the query with a failure. */
  readonly signal: AbortSignal;
}

type Protocol = "udp" | "tcp";

/** Messages that do not answer a question, after which it has failed: someone guesses its id. See RFC 5452. */
const MOST_FOREIGN = 64;

/** Resolves with the first message that answers the question. Ignores other messages, because anyone can send them. */
function askOnce<T extends RecordType>(
  { host, server, timeout, counters, signal }: QuestionContext,
  question: Question<T>,
  protocol: Protocol,
  extended: boolean,
): Promise<Reading<T> | Failure> {
  if (signal.aborted) return Promise.resolve({ kind: "failure", why: "stopped" });
  const id = host.random(65_536);
  let foreign = 0;
  return new Promise((resolve) => {
    const end = (answer: Reading<T> | Failure): void => {
      timer.cancel();
      signal.removeEventListener("abort", stop);
      exchange.close();
      resolve(answer);
    };
    const stop = (): void => end({ kind: "failure", why: "stopped" });
    signal.addEventListener("abort", stop);
    const timer = host.clock.after(timeout, () => {
      counters.silent++;
      end({ kind: "failure", why: `no answer within ${timeout / 1000} s` });
    });
    counters.questions++;
    const exchange = host.askNameServer(protocol, server, encodeQuestion(question, id, extended), {
      message(bytes) {
        const reading = readAnswer(bytes, id, question);
        counters[reading.kind === "foreign" ? "foreign" : "answers"]++;
        if (reading.kind !== "foreign") end(reading);
        else if (++foreign === MOST_FOREIGN) end({ kind: "failure", why: "too many answers to other questions" });
      },
      failed(code) {
        counters.unreachable++;
        end({ kind: "failure", why: code });
      },
    });
  });
}

/** The error codes of servers that do not support EDNS. */
const WITHOUT_EDNS = ["FORMERR", "NOTIMP"];

/** Sends the query. Repeats it without EDNS or by TCP if the first answer requires that. */
async function askAsNeeded<T extends RecordType>(context: QuestionContext, question: Question<T>) {
  const { counters, onlyTcp } = context;
  const protocol = onlyTcp ? "tcp" : "udp";
  let reading = await askOnce(context, question, protocol, true);
  if (reading.kind === "refusal" && WITHOUT_EDNS.includes(reading.why))
    reading = await askOnce(context, question, protocol, false);
  if (reading.kind !== "truncated" || onlyTcp) return reading;
  counters.truncated++;
  return askOnce(context, question, "tcp", true);
}

/** Resolves with the answer of one server, or with a failure. Never rejects. */
export async function askServer<T extends RecordType>(
  context: QuestionContext,
  question: Question<T>,
): Promise<Answered<T> | Failure> {
  const reading = await askAsNeeded(context, question);
  if (reading.kind === "refusal") {
    context.counters.refusals++;
    return { kind: "failure", why: reading.why };
  }
  if (reading.kind === "records" || reading.kind === "none" || reading.kind === "failure") return reading;
  context.counters.malformed++;
  return { kind: "failure", why: "malformed answer" };
}
