// All applications by name, and their data sources: 3:PORT, or 3:150000 and up for one without a port, as in hsflowd.

import type { Clock } from "../../host/host.ts";
import type { LimitedLogger } from "../../log/limit.ts";
import type { Table } from "../../report/report.ts";
import type { Settings } from "../../settings/settings.ts";
import type { SflowAgent } from "../../sflow/agent.ts";
import { DataSourceClass, showDataSource } from "../../sflow/data-source.ts";
import { Application } from "./application.ts";
import { Fault } from "./fault.ts";
import type { Sender } from "./sender.ts";

const FIRST_WITHOUT_PORT = 150_000;
/** A sender that invents names must not fill the memory. */
const MOST = 1000;
/** Milliseconds of silence after which an application is forgotten, as in hsflowd. */
const IDLE = 7_200_000;

export interface ApplicationsParts {
  readonly agent: Pick<SflowAgent, "operationSampler" | "poller" | "forget">;
  readonly clock: Pick<Clock, "uptime">;
  readonly random: (below: number) => number;
  readonly settings: Pick<Settings, "application">;
  readonly log: LimitedLogger;
}

export class Applications {
  readonly counters = { applications: 0, forgotten: 0, portChanged: 0 };
  readonly #parts: ApplicationsParts;
  readonly #byName = new Map<string, Application>();
  readonly #byIndex = new Map<number, Application>();
  #next = FIRST_WITHOUT_PORT;

  constructor(parts: ApplicationsParts) {
    this.#parts = parts;
  }

  /** Returns the application of a message, which is new with its first one. Throws a Fault if it is refused. */
  find(sender: Sender): Application {
    const application = this.#byName.get(sender.application) ?? this.#add(sender);
    application.heardAt = this.#parts.clock.uptime();
    const { index } = application.source;
    if (sender.port !== undefined && sender.port !== index) {
      this.counters.portChanged++;
      this.#parts.log.warn(
        "port",
        () =>
          `application ${JSON.stringify(sender.application)} now has port ${sender.port}: it stays data source 3:${index}`,
      );
    }
    return application;
  }

  /** Applies changed settings. */
  configure(): void {
    for (const application of this.#byName.values()) this.#configure(application);
  }

  forgetIdle(): void {
    const now = this.#parts.clock.uptime();
    for (const application of this.#byName.values()) {
      if (now - application.heardAt < IDLE) continue;
      this.#remove(application);
      this.counters.forgotten++;
    }
  }

  stop(): void {
    for (const application of this.#byName.values()) this.#remove(application);
  }

  table(): Table {
    return {
      title: "json: applications",
      columns: ["application", "source", "sampling", "operations", "samples", "counterSamples"],
      rows: [...this.#byName.values()].map(({ name, source, samplingRate, counts }) => [
        ...[name, showDataSource(source)],
        ...[samplingRate, counts.operations, counts.samples, counts.counterSamples],
      ]),
      metric: "json_application",
    };
  }

  #add({ application: name, port }: Sender): Application {
    const { agent, clock, random } = this.#parts;
    const other = port === undefined ? undefined : this.#byIndex.get(port);
    if (other !== undefined)
      throw new Fault("PortTaken", `service_port ${port} belongs to application ${JSON.stringify(other.name)}`);
    if (this.#byName.size >= MOST) throw new Fault("TooManyApplications", `there are ${MOST} applications already`);
    const source = { class: DataSourceClass.entLogicalEntry, index: port ?? this.#next++ };
    const application = new Application(name, source, { agent, random }, clock.uptime);
    this.#byName.set(name, application);
    this.#byIndex.set(source.index, application);
    this.counters.applications = this.#byName.size;
    this.#configure(application);
    return application;
  }

  #configure(application: Application): void {
    application.configure(this.#parts.settings.application(application.name));
  }

  #remove(application: Application): void {
    this.#byName.delete(application.name);
    this.#byIndex.delete(application.source.index);
    this.counters.applications = this.#byName.size;
    application.remove();
  }
}
