// One application: a data source with flow samples, and with counters that the application sends or the agent keeps.

import { fnv1a } from "../../config/fnv1a.ts";
import type { ApplicationSettings } from "../../settings/settings.ts";
import type { OperationSampler, Poller, SflowAgent } from "../../sflow/agent.ts";
import { type DataSource, HOST } from "../../sflow/data-source.ts";
import { INTERNAL, UNKNOWN_PORT } from "../../sflow/port.ts";
import { type CounterRecord, counterRecord } from "../../sflow/record.ts";
import { appOperations } from "../../sflow/records/counter/app-operations.ts";
import { hostParent } from "../../sflow/records/counter/host-parent.ts";
import { httpCounters } from "../../sflow/records/counter/http-counters.ts";
import type { CounterSample } from "./counter-sample.ts";
import type { FlowSample } from "./flow-sample.ts";
import { countRequests, zeroHttpCounters } from "./http.ts";

/** Milliseconds after which an application counts as one that sends no counters, as in hsflowd. */
const SENDS_COUNTERS = 120_000;

const PARENT = counterRecord(hostParent, { container_type: HOST.class, container_index: HOST.index });

type Operations = typeof appOperations.unknown;

const zeroOperations = (application: string): Operations => ({
  ...(Object.fromEntries(Object.keys(appOperations.fields).map((key) => [key, 0])) as unknown as Operations),
  application,
});

/** The counters by status of an operation, in the order of the statuses. */
const OUTCOMES = Object.keys(appOperations.fields).slice(1) as Exclude<keyof Operations, "application">[];

interface ApplicationParts {
  readonly agent: Pick<SflowAgent, "operationSampler" | "poller" | "forget">;
  readonly random: (below: number) => number;
}

export class Application {
  readonly name: string;
  readonly source: DataSource;
  readonly counts = { operations: 0, samples: 0, counterSamples: 0 };
  /** Uptime in milliseconds of the last message. */
  heardAt: number;
  readonly #parts: ApplicationParts;
  readonly #sampler: OperationSampler;
  readonly #poller: Poller;
  readonly #withdraw: () => void;
  readonly #subject: string;
  readonly #operations: Operations;
  readonly #requests = zeroHttpCounters();
  #countsOperations = false;
  #countsRequests = false;
  #sampling = 0;
  /** Uptime of the last counters that the application sent. */
  #countersAt = Number.NEGATIVE_INFINITY;

  constructor(name: string, source: DataSource, parts: ApplicationParts, uptime: () => number) {
    this.name = name;
    this.source = source;
    this.heardAt = uptime();
    this.#parts = parts;
    this.#subject = fnv1a(Buffer.from(name)).toString(16);
    this.#operations = zeroOperations(name);
    this.#sampler = parts.agent.operationSampler(source);
    this.#poller = parts.agent.poller(source);
    this.#withdraw = this.#poller.contribute((into) => {
      if (uptime() - this.#countersAt >= SENDS_COUNTERS) into.push(...this.#counted());
    });
  }

  get samplingRate(): number {
    return this.#sampling;
  }

  configure({ sampling, polling }: ApplicationSettings): void {
    this.#sampling = sampling;
    this.#poller.setPolling(polling);
  }

  takeFlow(sample: FlowSample): void {
    const { samplingRate, status, http } = sample;
    this.counts.operations += samplingRate;
    if (status !== undefined) {
      const key = OUTCOMES[status] ?? "other";
      this.#countsOperations = true;
      this.#operations[key] = (this.#operations[key] ?? 0) + samplingRate;
    }
    if (http !== undefined) {
      this.#countsRequests = true;
      countRequests(this.#requests, http.method, http.status, samplingRate);
    }
    this.#sampler.pass(samplingRate);
    this.#sample(sample);
  }

  /** Samples again, so that the rate is the one of the settings, or that of the application if it is higher. */
  #sample({ samplingRate, client, records }: FlowSample): void {
    if (this.#sampling === 0) return;
    const again = Math.max(1, Math.floor(this.#sampling / samplingRate));
    if (again > 1 && this.#parts.random(again) !== 0) return;
    this.counts.samples++;
    const [input, output] = client ? [INTERNAL, UNKNOWN_PORT] : [UNKNOWN_PORT, INTERNAL];
    this.#sampler.writeOperation({ samplingRate: samplingRate * again, input, output, records });
  }

  /** Sends the counters at once, with those that the agent keeps if the application does not count its operations. */
  takeCounters({ records, countsOperations }: CounterSample, now: number): void {
    this.#countersAt = now;
    this.counts.counterSamples++;
    this.#poller.setSubject(`${this.#subject} ${countsOperations ? "sent" : "counted"}`);
    this.#poller.write(countsOperations ? [...records, PARENT] : [...records, ...this.#kept(), PARENT]);
  }

  /** Sends nothing more. */
  remove(): void {
    this.#withdraw();
    this.#parts.agent.forget(this.source);
  }

  #counted(): readonly CounterRecord[] {
    this.#poller.setSubject(`${this.#subject} counted`);
    return [...this.#kept(), PARENT];
  }

  /** Returns copies of the counters. Every application has those of operations, unless it only serves HTTP. */
  #kept(): readonly CounterRecord[] {
    return [
      ...(this.#countsRequests ? [counterRecord(httpCounters, { ...this.#requests })] : []),
      ...(this.#countsOperations || !this.#countsRequests
        ? [counterRecord(appOperations, { ...this.#operations })]
        : []),
    ];
  }
}
