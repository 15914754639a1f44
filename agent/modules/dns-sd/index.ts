// dns-sd { } at work: what DNS says of collectors and settings, laid over the file whenever it has changed. RFC 6763.

import { quote } from "../../config/error.ts";
import type { Followed } from "../../dns/follow.ts";
import type { RecordType } from "../../dns/message.ts";
import { makeResolver } from "../../dns/resolver.ts";
import type { Context, Running } from "../module.ts";
import { makeComplaints } from "./complaints.ts";
import type { DnsSdConfig } from "./config.ts";
import { type Reading, readAnswers } from "./reading.ts";
import { dnsSdReport, outcomeWords } from "./report.ts";
import { followService, type Service } from "./service.ts";
import { followTarget } from "./target.ts";
import { makeTargets, usableRecords } from "./targets.ts";

type Found = Extract<Reading, { kind: "found" }>;

/** Undefined until the first question has ended; that there are none is an answer too. */
const stringsOf = (txt: Followed<"TXT"> | undefined) =>
  txt?.outcome === undefined ? undefined : txt.outcome.kind === "none" ? [] : (txt.records ?? []);

export function create({ domain }: DnsSdConfig, { host, settings, log, layOver }: Context): Running<DnsSdConfig> {
  const resolver = makeResolver(host);
  const targets = makeTargets((name) => followTarget(name, resolver, host, review));
  const counters = { changes: 0, badRecords: 0, badSettings: 0 };
  const { say } = makeComplaints(log);
  let service: Service | undefined;
  let reading: Reading = { kind: "asking" };
  let taken = "";

  function sayOutcome(about: string, { outcome, records }: Followed<RecordType>, noneIsWrong: boolean): void {
    const failed = outcome?.kind === "failure" || (outcome?.kind === "none" && noneIsWrong);
    const kept = records === undefined ? "" : "; the last answer stays in force";
    say(about, failed ? `${outcomeWords(outcome)}${kept}` : undefined);
  }

  function sayProblems(about: string, problems: readonly string[], counter: "badRecords" | "badSettings"): void {
    const isNew = say(about, problems.length === 0 ? undefined : problems.join("; "));
    if (isNew) counters[counter] += problems.length;
  }

  /** After each answer, whatever it is. */
  function review(): void {
    if (service === undefined) return;
    const { srv, txt, name } = service;
    sayOutcome(`SRV ${name}`, srv, true);
    if (txt !== undefined) sayOutcome(`TXT ${name}`, txt, false);
    if (srv.records === undefined) return;
    const usable = usableRecords(srv.records);
    sayProblems(`records of ${name}`, usable.problems, "badRecords");
    targets.set(usable.records);
    reading = readAnswers(usable, targets.candidates(), stringsOf(txt), Buffer.from(settings.uuid).toString("hex"));
    if (reading.kind === "asking") return;
    say(`collectors of ${name}`, reading.kind === "lacking" ? reading.what : undefined);
    if (reading.kind === "found") take(name, reading);
  }

  function take(name: string, { collectors, settings: lines, contradictions }: Found): void {
    const wrong = layOver({ settings: lines, collectors });
    const twice = contradictions.map((text) => `${quote(text)}: given twice`);
    sayProblems(`settings of ${name}`, [...wrong, ...twice], "badSettings");
    const places = collectors.map((collector) => `${collector.name}:${collector.port}`);
    const first = places.length === 0 ? ["no collector, as it says itself"] : places.sort();
    const text = [...first, ...lines].join(", ");
    if (text === taken) return;
    taken = text;
    counters.changes++;
    log.info(`${name}: ${text}`);
  }

  return {
    start() {
      service = followService(domain, resolver, host, review);
    },
    stop() {
      service?.stop();
      targets.stop();
      service = undefined;
    },
    /** Whoever reloads wants to see what DNS says now. */
    restore() {
      service?.again();
      for (const { questions } of targets.all) for (const question of questions) question.again();
    },
    counters: () => ({ ...counters, ...resolver.counters }),
    report: () => (service === undefined ? {} : dnsSdReport(service, targets.all, reading, host.clock.uptime())),
  };
}
