// dns-sd { } at work: what DNS says of collectors and settings, laid over the file whenever it has changed. RFC 6763.

import { quote } from "../../config/error.ts";
import type { RecordType } from "../../dns/message.ts";
import { makeResolver, type Outcome } from "../../dns/resolver.ts";
import type { Context, Running } from "../module.ts";
import { chooseCollectors } from "./choose.ts";
import type { DnsSdConfig } from "./config.ts";
import { dnsSdReport, outcomeWords } from "./report.ts";
import { followService, type Service } from "./service.ts";
import { followTarget } from "./target.ts";
import { makeTargets, usableRecords } from "./targets.ts";
import { readText } from "./text.ts";

export function create(
  blocks: readonly DnsSdConfig[],
  { host, settings, log, layOver }: Context,
): Running<DnsSdConfig> {
  const domain = blocks[0]?.domain;
  const resolver = makeResolver(host);
  const targets = makeTargets((name) => followTarget(name, resolver, host, review));
  const counters = { changes: 0, badRecords: 0, badSettings: 0 };
  const said = new Map<string, string>();
  let service: Service | undefined;
  let unresolved: readonly string[] = [];

  /** What goes on is said once, and its end. */
  function say(about: string, wrong: string | undefined): void {
    const before = said.get(about);
    if (wrong === before) return;
    if (wrong === undefined) {
      said.delete(about);
      log.info(`${about}: as it should be again`);
    } else {
      said.set(about, wrong);
      log.warn(`${about}: ${wrong}`);
    }
  }

  function sayOutcome(about: string, outcome: Outcome<RecordType>, known: boolean): void {
    const failed = outcome.kind === "failure" || (outcome.kind === "none" && about.startsWith("SRV"));
    const kept = known ? "; the last answer stays in force" : "";
    say(about, failed ? `${outcomeWords(outcome)}${kept}` : undefined);
  }

  function review(): void {
    if (service === undefined) return;
    const { srv, txt, name } = service;
    if (srv.outcome !== undefined) sayOutcome(`SRV ${name}`, srv.outcome, srv.records !== undefined);
    if (srv.records === undefined) return;
    if (txt?.outcome !== undefined) sayOutcome(`TXT ${name}`, txt.outcome, txt.records !== undefined);
    const { records, problems } = usableRecords(srv.records);
    complain(`records of ${name}`, problems, "badRecords");
    targets.set(records);
    take(name);
  }

  /** Nothing is changed before all is known: half an answer would move collectors and rates back and forth. */
  function take(name: string): void {
    const candidates = targets.candidates();
    const txt = service?.txt;
    if (candidates === undefined || txt?.outcome === undefined) return;
    const collectors = chooseCollectors(candidates, Buffer.from(settings.uuid).toString("hex")).map(
      ({ srv: { target, port }, addresses }) => ({ name: target, port, addresses }),
    );
    unresolved = collectors.length === 0 ? candidates.map(({ srv }) => srv.target) : [];
    say(`collectors of ${name}`, unresolved.length === 0 ? undefined : `no address for ${unresolved.join(", ")}`);
    if (unresolved.length > 0) return;
    const { lines, contradictions } = readText(txt.outcome.kind === "none" ? [] : (txt.records ?? []));
    const wrong = layOver({ settings: lines, collectors });
    complain(
      `settings of ${name}`,
      [...wrong, ...contradictions.map((text) => `${quote(text)}: given twice`)],
      "badSettings",
    );
    sayTaken(name, [...collectors.map(({ name, port }) => `${name}:${port}`), ...lines]);
  }

  function complain(about: string, problems: readonly string[], counter: "badRecords" | "badSettings"): void {
    const text = problems.length === 0 ? undefined : problems.join("; ");
    if (text !== undefined && text !== said.get(about)) counters[counter] += problems.length;
    say(about, text);
  }

  let taken = "";
  function sayTaken(name: string, what: readonly string[]): void {
    const text = what.toSorted().join(", ");
    if (text === taken) return;
    taken = text;
    counters.changes++;
    log.info(`${name}: ${text === "" ? "no collector, as it says itself" : text}`);
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
    report: () => (service === undefined ? {} : dnsSdReport(service, targets.all, unresolved, host.clock.uptime())),
  };
}
