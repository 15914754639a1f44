// Composition root, the only file that knows every layer: starts the parts in order, stops them in reverse.

import { isDeepStrictEqual } from "node:util";
import type { CaptureEngine } from "../capture/engine.ts";
import { Pipeline } from "../flow/pipeline.ts";
import type { Host } from "../host/host.ts";
import { limitConcurrency } from "../host/limit-concurrency.ts";
import { makeInterfaces } from "../interfaces/table.ts";
import { makeGuard } from "../log/guard.ts";
import { limit } from "../log/limit.ts";
import type { Logger } from "../log/logger.ts";
import { messageOf } from "../log/message-of.ts";
import type { AgentStatus } from "../report/agent-status.ts";
import type { AllFound, Found } from "../report/found.ts";
import { LiveSettings } from "../settings/live-settings.ts";
import { makeSettings, type Settings } from "../settings/settings.ts";
import type { SflowConfig } from "../settings/sflow-block.ts";
import { showAddress } from "../sflow/address.ts";
import type { Collector, Destination } from "../sflow/collector.ts";
import { DataSourceClass, interfaceSource } from "../sflow/data-source.ts";
import { makeAgent } from "../sflow/make-agent.ts";
import type { Numbers } from "../sflow/numbers.ts";
import { type Collectors, Receiver } from "../sflow/receiver.ts";
import type { AutoCollector } from "./auto-file.ts";
import { type AutoSources, publishAutoFile } from "./auto-publisher.ts";
import type { Configuration } from "./configuration.ts";
import { type AgentAddress, type Election, givenAddress, holdElection } from "./election.ts";
import { acceptSettings, layOver } from "./overlay.ts";
import { Parts } from "./parts.ts";
import type { Applied } from "./reload.ts";
import { agentStatus } from "./status.ts";

/** What the process decides before anything runs. */
export interface Terms {
  /** 16 bytes that name this host. */
  readonly uuid: Uint8Array;
  /** Where hsflowd.auto goes; undefined: nowhere. */
  readonly outputFile: string | undefined;
  /** What numbers go on from; undefined: they begin. */
  readonly numbers?: Numbers | undefined;
  /** Where packets come from instead of the interfaces: a file that is replayed. */
  readonly capture?: CaptureEngine | undefined;
  /** Called once all is open that only root may open, and before anything is done that does not take root. */
  giveUp?(): void;
}

export interface RunningProcess {
  readonly agentAddress: AgentAddress | undefined;
  /** What did not change keeps running with its sockets, numbers and counters. Rejects where nothing has changed. */
  reconfigure(configuration: Configuration): Promise<Applied>;
  status(): AgentStatus;
  /** Stops capture first, sends what is pending, then closes the collectors. */
  stop(): Promise<void>;
}

const autoCollector = ({ address, ...rest }: Destination): AutoCollector => ({
  address: showAddress(address),
  ...rest,
});

const streamOf = (settings: Settings, address: AgentAddress | undefined) => ({
  address: address?.bytes,
  subAgentId: settings.subAgentId,
  datagramBytes: settings.datagramBytes,
});

interface ListedCollectors extends Collectors {
  destinations(): readonly Destination[];
}

function listCollectors(receiver: Receiver): ListedCollectors {
  const present = new Set<Collector>();
  return {
    add(collector) {
      const leave = receiver.add(collector);
      present.add(collector);
      return () => {
        present.delete(collector);
        leave();
      };
    },
    destinations: () => [...present].flatMap(({ destination }) => (destination === undefined ? [] : [destination])),
  };
}

const sameStream = (a: Settings, b: Settings): boolean =>
  a.subAgentId === b.subAgentId && a.datagramBytes === b.datagramBytes;

const ELECTION_KEYS = ["agentIP", "agent", "agent.cidr"] as const;

const sameElection = (a: SflowConfig, b: SflowConfig): boolean =>
  ELECTION_KEYS.every((key) => isDeepStrictEqual(a[key], b[key]));

const settingsOf = ({ sflow, origins }: Configuration, uuid: Uint8Array): Settings =>
  makeSettings(sflow, uuid, origins);

export async function run(
  host: Host,
  configuration: Configuration,
  { uuid, outputFile, numbers, capture, giveUp }: Terms,
  log: Logger,
): Promise<RunningProcess> {
  const { guard, failed, failures } = makeGuard(limit(log, host.clock));
  const settings = new LiveSettings(settingsOf(configuration, uuid));
  const interfaces = makeInterfaces(host, log);
  interfaces.start();
  const environment = { clock: host.clock, random: host.random, guard };
  const receiver = new Receiver(environment, streamOf(settings, undefined), numbers);
  const agent = makeAgent(environment, receiver, settings.polling, numbers);
  // An index is not given out again soon, and what was numbered under it ends with its interface.
  interfaces.onChange(({ kind, adaptor }) => {
    if (kind === "removed") agent.forget(interfaceSource(adaptor.index));
  });
  for (const { source } of agent.numbered()) {
    const isThere = source.class !== DataSourceClass.ifIndex || interfaces.byIndex(source.index) !== undefined;
    if (!isThere) agent.forget(source);
  }
  const flows = new Pipeline(host.clock, (error) => failed("annotator", error));
  const setAddress = (address: AgentAddress | undefined): void => receiver.configure(streamOf(settings, address));
  const hold = (config: SflowConfig, given: AgentAddress | undefined): Election =>
    holdElection(host, config, given, interfaces, log, setAddress);
  const collectors = listCollectors(receiver);
  const context = { host, agent, collectors, flows, interfaces, settings, log, status, layOver: onFound };
  const parts = new Parts(capture === undefined ? context : { ...context, capture });
  const inTurn = limitConcurrency(1);
  let file = configuration;
  let laidOver: AllFound = {};
  let current = configuration;
  let stopped = false;
  let election = hold(configuration.sflow, await givenAddress(host, configuration.sflow));
  await parts.load(configuration);
  giveUp?.();
  await inTurn(() => parts.start(configuration));
  const sources: AutoSources = {
    config: () => current.sflow,
    address: () => election.elected,
    collectors: () => collectors.destinations().map(autoCollector),
  };
  const publisher = outputFile === undefined ? undefined : publishAutoFile(host, outputFile, sources, log);

  function onFound(source: string, what: Found | undefined): readonly string[] {
    const { [source]: before, ...others } = laidOver;
    const { accepted, problems } = acceptSettings(what?.settings ?? [], before?.settings ?? []);
    const after = what && { settings: accepted, collectors: what.collectors };
    if (stopped || isDeepStrictEqual(before, after)) return problems;
    laidOver = after === undefined ? others : { ...others, [source]: after };
    inTurn(() => bring(file, false)).catch((error) => log.error(`${source}: ${messageOf(error)}`));
    return problems;
  }

  /**
   * What may yet be refused or takes time comes first; then the settings, so that parts which look at them find the new
   * ones. Gives the milliseconds between the old and the new being in force.
   */
  async function bring(nextFile: Configuration, fileRead: boolean): Promise<number> {
    const next = layOver(nextFile, laidOver);
    const before = settingsOf(current, uuid);
    const after = settingsOf(next, uuid);
    const settingsChanged = !isDeepStrictEqual(current.sflow, next.sflow);
    const electionChanged = !sameElection(current.sflow, next.sflow);
    const given = electionChanged ? await givenAddress(host, next.sflow) : undefined;
    await parts.load(next);
    const began = host.clock.uptime();
    file = nextFile;
    current = next;
    settings.replace(after);
    agent.setPolling(after.polling);
    if (electionChanged) {
      election.stop();
      election = hold(next.sflow, given);
    } else if (!sameStream(before, after)) setAddress(election.elected);
    await parts.change(next, { settings: settingsChanged, file: fileRead });
    publisher?.look();
    return host.clock.uptime() - began;
  }

  function status(): AgentStatus {
    return agentStatus({
      address: election.elected,
      settings,
      agent,
      receiver,
      failures,
      found: laidOver,
      parts: parts.all,
    });
  }

  return {
    get agentAddress() {
      return election.elected;
    },
    reconfigure: (next) =>
      inTurn(async () => {
        const took = await bring(next, true);
        return { took, failures: parts.failures() };
      }),
    status,
    async stop() {
      stopped = true;
      publisher?.stop();
      await inTurn(async () => {
        election.stop();
        await parts.stop(() => receiver.flush());
      });
      interfaces.stop();
    },
  };
}
