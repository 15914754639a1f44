// What was asked, of whom, and how it was answered, for status and doctor.

import type { Followed } from "../../dns/follow.ts";
import type { RecordType } from "../../dns/message.ts";
import type { Outcome } from "../../dns/resolver.ts";
import type { QuestionReport, Report } from "../../report/report.ts";
import type { Reading } from "./reading.ts";
import type { Service } from "./service.ts";
import type { Target } from "./target.ts";

/** `2 records of 192.0.2.53`, `no such name, says 192.0.2.53`, `192.0.2.53: SERVFAIL`. */
export function outcomeWords(outcome: Outcome<RecordType>): string {
  if (outcome.kind === "failure") return outcome.why;
  if (outcome.kind === "none") return `${outcome.why}, says ${outcome.server}`;
  const { length } = outcome.records;
  return `${length} ${length === 1 ? "record" : "records"} of ${outcome.server}`;
}

function questionReport(question: string, followed: Followed<RecordType>, now: number): QuestionReport {
  const { outcome, answeredAt, nextAt } = followed;
  return {
    question,
    answer: outcome && outcomeWords(outcome),
    failing: outcome?.kind === "failure",
    age: answeredAt === undefined ? undefined : Math.round((now - answeredAt) / 1000),
    next: Math.max(0, Math.round((nextAt - now) / 1000)),
  };
}

const questions = (service: Service, targets: readonly Target[], now: number): QuestionReport[] => [
  questionReport(`SRV ${service.name}`, service.srv, now),
  ...(service.txt === undefined ? [] : [questionReport(`TXT ${service.name}`, service.txt, now)]),
  ...targets.flatMap(({ name, questions: [a, aaaa] }) => [
    ...(a === undefined ? [] : [questionReport(`A ${name}`, a, now)]),
    ...(aaaa === undefined ? [] : [questionReport(`AAAA ${name}`, aaaa, now)]),
  ]),
];

type Obstacle = Pick<Report, "obstacle" | "remedy">;

function withoutRecords(service: Service): Obstacle {
  const { outcome } = service.srv;
  const [name] = service.asked;
  if (outcome === undefined) return { obstacle: `${service.name} has been asked for, and not answered yet` };
  if (name === undefined) {
    const obstacle = "no domain to ask: the block names none, nor do /etc/resolv.conf and the name of this host";
    return { obstacle, remedy: "dns-sd { domain=.example.com }" };
  }
  const obstacle = `no collector by SRV ${service.name}: ${outcomeWords(outcome)}`;
  const look = `see what this says: dig SRV ${name}`;
  return { obstacle, remedy: outcome.kind === "none" ? `${name}. SRV 0 0 6343 COLLECTOR in its zone` : look };
}

/** What keeps datagrams from where they should go; a server that fails while an older answer counts does not. */
function obstacleOf(service: Service, reading: Reading): Obstacle {
  const { srv, name } = service;
  if (srv.records === undefined) return withoutRecords(service);
  if (reading.kind === "lacking") return { obstacle: `${name}: ${reading.what}`, remedy: reading.remedy };
  if (reading.kind === "found" && reading.collectors.length === 0)
    return { obstacle: `${name} says that there is no collector`, remedy: 'its SRV record has the target "."' };
  return {};
}

export const dnsSdReport = (service: Service, targets: readonly Target[], reading: Reading, now: number): Report => ({
  questions: questions(service, targets, now),
  ...obstacleOf(service, reading),
});
