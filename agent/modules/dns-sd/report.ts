// Questions to DNS and their answers, for status and doctor.

import type { Followed } from "../../dns/follow.ts";
import type { RecordType } from "../../dns/message.ts";
import type { Outcome } from "../../dns/resolver.ts";
import type { QuestionReport, Report } from "../../report/report.ts";
import type { Discovery } from "./discovery.ts";
import type { Service } from "./service.ts";
import type { Target } from "./target.ts";

/** Returns `2 records from 192.0.2.53`, `no such name, says 192.0.2.53` or `192.0.2.53: SERVFAIL`. */
export function showOutcome(outcome: Outcome<RecordType>): string {
  if (outcome.kind === "failure") return outcome.why;
  if (outcome.kind === "none") return `${outcome.why}, says ${outcome.server}`;
  const { length } = outcome.records;
  return `${length} ${length === 1 ? "record" : "records"} from ${outcome.server}`;
}

function questionReport(question: string, followed: Followed<RecordType>, now: number): QuestionReport {
  const { outcome, answeredAt, nextAt } = followed;
  return {
    question,
    answer: outcome && showOutcome(outcome),
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

function missingRecords(service: Service): Obstacle {
  const { outcome } = service.srv;
  const [name] = service.names;
  if (outcome === undefined) return { obstacle: `waiting for the first answer about ${service.name}` };
  if (name === undefined) {
    const obstacle = "no domain to look in: none in the block, in /etc/resolv.conf or in the name of this host";
    return { obstacle, remedy: "dns-sd { domain=.example.com }" };
  }
  const obstacle = `no collector by SRV ${service.name}: ${showOutcome(outcome)}`;
  const test = `look at the output of: dig SRV ${name}`;
  return { obstacle, remedy: outcome.kind === "none" ? `${name}. SRV 0 0 6343 COLLECTOR in its zone` : test };
}

/** Returns what keeps datagrams from a collector. A failing name server does not, while an older answer is in use. */
function obstacleOf(service: Service, discovery: Discovery): Obstacle {
  const { srv, name } = service;
  if (srv.records === undefined) return missingRecords(service);
  if (discovery.kind === "unusable") return { obstacle: `${name}: ${discovery.problem}`, remedy: discovery.remedy };
  if (discovery.kind === "found" && discovery.collectors.length === 0)
    return {
      obstacle: `${name} declares that there is no collector`,
      remedy: 'replace its SRV record with target "."',
    };
  return {};
}

export const dnsSdReport = (
  service: Service,
  targets: readonly Target[],
  discovery: Discovery,
  now: number,
): Report => ({
  questions: questions(service, targets, now),
  ...obstacleOf(service, discovery),
});
