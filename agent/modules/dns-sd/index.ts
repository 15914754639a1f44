// dns-sd { } at work: lays collectors and settings from DNS over the file whenever they change. See RFC 6763.

import { quote } from "../../config/error.ts";
import type { Followed } from "../../dns/follow.ts";
import type { RecordType } from "../../dns/message.ts";
import { makeResolver } from "../../dns/resolver.ts";
import type { Report } from "../../report/report.ts";
import type { Context, Running } from "../module.ts";
import type { DnsSdConfig } from "./config.ts";
import { type Discovery, evaluateAnswers } from "./discovery.ts";
import { ProblemLog } from "./problem-log.ts";
import { dnsSdReport, showOutcome } from "./report.ts";
import { Service } from "./service.ts";
import { followTarget } from "./target.ts";
import { Targets } from "./targets.ts";
import { usableRecords } from "./usable-records.ts";

type Found = Extract<Discovery, { kind: "found" }>;

/** Undefined until the first outcome. That there are no TXT records is an answer too. */
const stringsOf = (txt: Followed<"TXT"> | undefined) =>
  txt?.outcome === undefined ? undefined : txt.outcome.kind === "none" ? [] : (txt.records ?? []);

export const create = ({ domain }: DnsSdConfig, context: Context): Running<DnsSdConfig> => new DnsSd(domain, context);

class DnsSd implements Running<DnsSdConfig> {
  readonly #domain: string | undefined;
  readonly #context: Context;
  readonly #resolver;
  readonly #targets: Targets;
  readonly #problems: ProblemLog;
  readonly #counters = { changes: 0, badRecords: 0, badSettings: 0 };
  #service: Service | undefined;
  #discovery: Discovery = { kind: "pending" };
  /** The last result that was logged. */
  #shown = "";

  constructor(domain: string | undefined, context: Context) {
    const { host, log } = context;
    this.#domain = domain;
    this.#context = context;
    this.#resolver = makeResolver(host);
    this.#targets = new Targets((name) => followTarget(name, this.#resolver, host, () => this.#review()));
    this.#problems = new ProblemLog(log);
  }

  start(): void {
    this.#service = new Service(this.#domain, this.#resolver, this.#context.host, () => this.#review());
  }

  stop(): void {
    this.#service?.stop();
    this.#targets.stop();
    this.#resolver.stop();
    this.#service = undefined;
  }

  /** A reload also looks everything up again. */
  restore(): void {
    this.#service?.lookUpAgain();
    for (const { questions } of this.#targets.all) for (const question of questions) question.again();
  }

  counters(): Readonly<Record<string, number>> {
    return { ...this.#counters, ...this.#resolver.counters };
  }

  report(): Report {
    const { host } = this.#context;
    if (this.#service === undefined) return {};
    return dnsSdReport(this.#service, this.#targets.all, this.#discovery, host.clock.uptime());
  }

  /** Evaluates all answers. Called after each outcome of each question. */
  #review(): void {
    if (this.#service === undefined) return;
    const { srv, txt, name } = this.#service;
    this.#checkOutcome(`SRV ${name}`, srv, true);
    if (txt !== undefined) this.#checkOutcome(`TXT ${name}`, txt, false);
    if (srv.records === undefined) return;
    const usable = usableRecords(srv.records);
    this.#countProblems(`records of ${name}`, usable.problems, "badRecords");
    this.#targets.set(usable.records);
    const answers = { usable, candidates: this.#targets.candidates(), strings: stringsOf(txt) };
    const discovery = evaluateAnswers(answers, Buffer.from(this.#context.settings.uuid).toString("hex"));
    this.#discovery = discovery;
    if (discovery.kind === "pending") return;
    this.#problems.update(`collectors of ${name}`, discovery.kind === "unusable" ? discovery.problem : undefined);
    if (discovery.kind === "found") this.#apply(name, discovery);
  }

  #apply(name: string, { collectors, settings, contradictions }: Found): void {
    const invalid = this.#context.layOver({ settings, collectors });
    const repeated = contradictions.map((text) => `${quote(text)}: given twice, ignored`);
    this.#countProblems(`settings of ${name}`, [...invalid, ...repeated], "badSettings");
    const places = collectors.map((collector) => `${collector.name}:${collector.port}`);
    const destinations = places.length === 0 ? ['no collector, because the SRV target is "."'] : places.sort();
    const shown = [...destinations, ...settings].join(", ");
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#counters.changes++;
    this.#context.log.info(`${name}: ${shown}`);
  }

  #checkOutcome(subject: string, { outcome, records }: Followed<RecordType>, required: boolean): void {
    const failed = outcome?.kind === "failure" || (outcome?.kind === "none" && required);
    const kept = records === undefined ? "" : "; the last answer stays in force";
    this.#problems.update(subject, failed ? `${showOutcome(outcome)}${kept}` : undefined);
  }

  #countProblems(subject: string, problems: readonly string[], counter: "badRecords" | "badSettings"): void {
    const isNew = this.#problems.update(subject, problems.length === 0 ? undefined : problems.join("; "));
    if (isNew) this.#counters[counter] += problems.length;
  }
}
