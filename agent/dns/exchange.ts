// One question to one name server: by UDP, by TCP where the answer does not fit, without EDNS where that is not
// understood. RFC 1035, section 7; RFC 7766, section 5; RFC 6891, section 7.

import type { Host, NameServer } from "../host/host.ts";
import { encodeQuestion, type Question, type Reading, type RecordType, readAnswer } from "./message.ts";

export interface DnsCounters {
  /** Messages sent. */
  questions: number;
  /** Messages that answered one, well or badly. */
  answers: number;
  /** Messages that answered nothing that was asked. */
  foreign: number;
  /** Answers that did not fit and were asked for again by TCP. */
  truncated: number;
  malformed: number;
  /** Servers that did not answer in time, and those that could not be reached. */
  silent: number;
  unreachable: number;
  /** SERVFAIL, REFUSED and the like. */
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

/** Why there is no answer, in a word or two: `SERVFAIL`, `no answer within 5 s`. */
export interface Failure {
  readonly kind: "failure";
  readonly why: string;
}

export type Answered<T extends RecordType> = Extract<Reading<T>, { kind: "records" | "none" }>;

export interface Asking {
  readonly host: Pick<Host, "askNameServer" | "clock" | "random">;
  readonly server: NameServer;
  /** Milliseconds. */
  readonly timeout: number;
  readonly onlyTcp: boolean;
  readonly counters: DnsCounters;
}

type Protocol = "udp" | "tcp";

/** The first message that answers the question. Messages that do not are passed over, for anybody can send one. */
function once<T extends RecordType>(
  { host, server, timeout, counters }: Asking,
  question: Question<T>,
  protocol: Protocol,
  extended: boolean,
): Promise<Reading<T> | Failure> {
  const id = host.random(65_536);
  return new Promise((resolve) => {
    const end = (answer: Reading<T> | Failure): void => {
      timer.cancel();
      exchange.close();
      resolve(answer);
    };
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
      },
      failed(code) {
        counters.unreachable++;
        end({ kind: "failure", why: code });
      },
    });
  });
}

/** Servers that are older than EDNS. */
const OLDER = ["FORMERR", "NOTIMP"];

async function fittingAnswer<T extends RecordType>(asking: Asking, question: Question<T>) {
  const { counters, onlyTcp } = asking;
  const protocol = onlyTcp ? "tcp" : "udp";
  let reading = await once(asking, question, protocol, true);
  if (reading.kind === "refusal" && OLDER.includes(reading.why))
    reading = await once(asking, question, protocol, false);
  if (reading.kind !== "truncated" || onlyTcp) return reading;
  counters.truncated++;
  return once(asking, question, "tcp", true);
}

/** Never rejects. */
export async function askServer<T extends RecordType>(
  asking: Asking,
  question: Question<T>,
): Promise<Answered<T> | Failure> {
  const reading = await fittingAnswer(asking, question);
  if (reading.kind === "refusal") {
    asking.counters.refusals++;
    return { kind: "failure", why: reading.why };
  }
  if (reading.kind === "records" || reading.kind === "none" || reading.kind === "failure") return reading;
  asking.counters.malformed++;
  return { kind: "failure", why: "its answer cannot be read" };
}
