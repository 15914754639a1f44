// The composition root, the only file that imports every layer: builds, starts, reconfigures and stops the agent.

import { once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { CaptureEngine } from "../capture/engine.ts";
import { sameValues } from "../config/same-values.ts";
import { Pipeline } from "../flow/pipeline.ts";
import type { Host } from "../host/host.ts";
import { limitConcurrency } from "../host/limit-concurrency.ts";
import { WorkQueue } from "../host/work-queue.ts";
import { type InterfaceTable, makeInterfaces } from "../interfaces/table.ts";
import { makeGuard } from "../log/guard.ts";
import { limit } from "../log/limit.ts";
import type { Logger } from "../log/logger.ts";
import { messageOf } from "../log/message-of.ts";
import type { AgentStatus } from "../report/agent-status.ts";
import type { AllFound, Found } from "../report/found.ts";
import { LiveSettings } from "../settings/live-settings.ts";
import { makeSettings, type Settings } from "../settings/settings.ts";
import type { SflowConfig } from "../settings/sflow-block.ts";
import { makeAgent, type RunningAgent } from "../sflow/make-agent.ts";
import type { Numbers } from "../sflow/numbers.ts";
import { Receiver } from "../sflow/receiver.ts";
import { WorkloadRegistry } from "../workloads/registry.ts";
import { type AutoPublisher, publishAutoFile } from "./auto-publisher.ts";
import { CollectorList } from "./collector-list.ts";
import type { Configuration } from "./configuration.ts";
import { type AgentAddress, type Election, givenAddress, holdElection, sameElection } from "./election.ts";
import { forgetRemoved } from "./forget-removed.ts";
import { type Claim, Identity } from "./identity.ts";
import { acceptSettings, layOver } from "./overlay.ts";
import { Parts, type Shared } from "./parts.ts";
import type { Applied } from "./reload.ts";
import { briefStatus, gatheringStatus, type StatusParts } from "./status.ts";
import { sameStream, streamOf } from "./stream.ts";

/** Values that the process determines before the agent starts. */
export interface Terms {
  /** Identity of this host, 16 bytes. */
  readonly uuid: Uint8Array;
  /** Path of hsflowd.auto; undefined if the file is not to be written. */
  readonly outputFile: string | undefined;
  /** Sequence numbers to continue; undefined to start at 1. */
  readonly numbers?: Numbers | undefined;
  /** Replays packets of a file. If undefined, packets are sampled on the interfaces. */
  readonly capture?: CaptureEngine | undefined;
  /** Takes a name that one agent of this host can have. If undefined, other agents are not looked for. */
  readonly claim?: ((name: string) => Claim) | undefined;
  /** Called once everything that needs root is open, before the blocks are started. */
  dropPrivileges?(): void;
}

const settingsOf = ({ sflow, origins }: Configuration, uuid: Uint8Array): Settings =>
  makeSettings(sflow, uuid, origins);

/** The whole agent of this host: the sFlow agent, the interfaces, and the blocks of the configuration. */
export class HostAgent {
  readonly #host: Host;
  readonly #terms: Terms;
  readonly #log: Logger;
  readonly #settings: LiveSettings;
  readonly #interfaces: InterfaceTable;
  readonly #receiver: Receiver;
  readonly #identity: Identity;
  readonly #flows: Pipeline;
  readonly #agent: RunningAgent;
  readonly #collectors: CollectorList;
  readonly #parts: Parts;
  /** The number of exceptions thrown by callbacks, by the part of the agent that threw. */
  readonly #failures: ReadonlyMap<string, number>;
  /** Runs one at a time: start, reload, applying discovered settings, and stop. */
  readonly #inTurn = limitConcurrency(1);
  /** The configuration of the file. */
  #file: Configuration;
  /** The configuration in force: that of the file, with discovered settings and collectors applied on top. */
  #current: Configuration;
  #found: AllFound = {};
  #election: Election | undefined;
  #publisher: AutoPublisher | undefined;
  /** Aborted by `stop`. */
  readonly #stopping = new AbortController();

  constructor(host: Host, configuration: Configuration, terms: Terms, log: Logger) {
    const { guard, failed, failures } = makeGuard(limit(log, host.clock));
    const environment = { clock: host.clock, random: host.random, guard, queue: new WorkQueue(host.clock) };
    const settings = new LiveSettings(settingsOf(configuration, terms.uuid));
    const interfaces = makeInterfaces(host, log);
    const receiver = new Receiver(environment, streamOf(settings, undefined), terms.numbers);
    const agent = makeAgent(environment, receiver, settings.polling, terms.numbers);
    const collectors = new CollectorList(receiver);
    const flows = new Pipeline(host.clock, (error) => failed("annotator", error));
    const workloads = new WorkloadRegistry({ host, agent, flows, interfaces });
    const shared: Shared = {
      ...{ host, agent, collectors, flows, interfaces, workloads, settings, log },
      ...{ status: () => this.status(), wholeStatus: () => this.wholeStatus() },
      layOver: (source, found) => this.#onFound(source, found),
    };
    this.#parts = new Parts(terms.capture === undefined ? shared : { ...shared, capture: terms.capture });
    this.#host = host;
    this.#terms = terms;
    this.#log = log;
    this.#settings = settings;
    this.#interfaces = interfaces;
    this.#receiver = receiver;
    this.#identity = new Identity(terms.claim, host.clock, log, (address) => {
      receiver.configure(streamOf(settings, address));
      this.#publisher?.check();
    });
    this.#flows = flows;
    this.#agent = agent;
    this.#collectors = collectors;
    this.#failures = failures;
    this.#file = configuration;
    this.#current = configuration;
  }

  /** Opens everything that needs root, drops privileges, then starts the blocks. Rejects if `stop` comes first. */
  async start(): Promise<void> {
    const configuration = this.#current;
    await new WorkQueue(this.#host.clock).finish(this.#interfaces.starting());
    forgetRemoved(this.#agent, this.#interfaces);
    const given = await this.#given(configuration.sflow);
    this.#election = this.#holdElection(configuration.sflow, given);
    await this.#parts.load(configuration);
    this.#terms.dropPrivileges?.();
    await this.#inTurn(async () => {
      this.#stopping.signal.throwIfAborted();
      await this.#parts.start(configuration);
      this.#publisher = this.#publish();
    });
  }

  /**
   * Applies a new configuration. Blocks that did not change keep their sockets and counters, and all sequence numbers
   * continue. Rejects if nothing was applied.
   */
  reconfigure(configuration: Configuration): Promise<Applied> {
    return this.#inTurn(async () => {
      const took = await this.#apply(configuration, true);
      return { took, failures: this.#parts.failures() };
    });
  }

  /** Returns the status without reports that take steps, such as that of all interfaces. */
  status(): AgentStatus {
    return briefStatus(this.#statusParts());
  }

  wholeStatus(): Promise<AgentStatus> {
    return new WorkQueue(this.#host.clock).finish(gatheringStatus(this.#statusParts()));
  }

  #statusParts(): StatusParts {
    return {
      ...{ address: this.#election?.elected, obstacle: this.#identity.obstacle },
      ...{ settings: this.#settings, agent: this.#agent, receiver: this.#receiver },
      interfaces: this.#interfaces,
      flows: this.#flows,
      ...{ failures: this.#failures, faults: this.#host.faults },
      found: this.#found,
      parts: this.#parts.all,
    };
  }

  /** Stops capture first, sends what is pending, then closes the collectors. Does not wait for a name server. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error("the agent is stopping"));
    await this.#inTurn(async () => {
      this.#publisher?.stop();
      this.#election?.stop();
      await this.#parts.stop(() => this.#receiver.flush());
    });
    this.#identity.release();
    this.#interfaces.stop();
  }

  #holdElection(config: SflowConfig, given: AgentAddress | undefined): Election {
    return holdElection(this.#host, config, given, this.#interfaces, this.#log, (elected) =>
      this.#identity.take(elected, this.#settings.subAgentId),
    );
  }

  /** Returns the address that agentIP sets. Rejects if the agent is stopped before a name is resolved. */
  #given(sflow: SflowConfig): Promise<AgentAddress | undefined> {
    const { signal } = this.#stopping;
    const stopped = once(signal, "abort").then(() => Promise.reject(signal.reason));
    return Promise.race([givenAddress(this.#host, sflow), stopped]);
  }

  #publish(): AutoPublisher | undefined {
    const { outputFile } = this.#terms;
    if (outputFile === undefined) return undefined;
    const sources = {
      config: () => this.#current.sflow,
      address: () => this.#election?.elected,
      collectors: () => this.#collectors.resolved(),
    };
    return publishAutoFile(this.#host, outputFile, sources, this.#log);
  }

  /**
   * Applies settings and collectors that a block discovered. They replace the block's previous discoveries; undefined
   * only withdraws the previous ones. Returns a message for each invalid setting.
   */
  #onFound(source: string, what: Found | undefined): readonly string[] {
    const { [source]: before, ...others } = this.#found;
    const { accepted, problems } = acceptSettings(what?.settings ?? [], before?.settings ?? []);
    const after = what && { settings: accepted, collectors: what.collectors };
    if (this.#stopping.signal.aborted || sameValues(before, after)) return problems;
    this.#found = after === undefined ? others : { ...others, [source]: after };
    this.#inTurn(() => this.#apply(this.#file, false)).catch((error) =>
      this.#log.error(`${source}: ${messageOf(error)}`),
    );
    return problems;
  }

  /**
   * Puts a configuration in force. First does what may fail or take time. Then replaces the settings, before the blocks
   * change, so that blocks read the new settings. Returns the milliseconds that this second step took.
   */
  async #apply(file: Configuration, fileRead: boolean): Promise<number> {
    this.#stopping.signal.throwIfAborted();
    // Each step compares or copies the whole configuration, which may be long.
    const next = layOver(file, this.#found);
    await nextTurn();
    const before = settingsOf(this.#current, this.#terms.uuid);
    const after = settingsOf(next, this.#terms.uuid);
    await nextTurn();
    const settingsChanged = !sameValues(this.#current.sflow, next.sflow);
    const electionChanged = !sameElection(this.#current.sflow, next.sflow);
    const given = electionChanged ? await this.#given(next.sflow) : undefined;
    await this.#parts.load(next);
    await nextTurn();
    const began = this.#host.clock.uptime();
    this.#file = file;
    this.#current = next;
    this.#settings.replace(after);
    this.#agent.setPolling(after.polling);
    if (electionChanged) {
      this.#election?.stop();
      this.#election = this.#holdElection(next.sflow, given);
    } else if (!sameStream(before, after)) this.#identity.take(this.#election?.elected, after.subAgentId);
    await this.#parts.change(next, { settings: settingsChanged, file: fileRead });
    const took = this.#host.clock.uptime() - began;
    await nextTurn();
    this.#publisher?.check();
    return took;
  }
}
