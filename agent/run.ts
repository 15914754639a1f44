// Composition root, the only file that knows every layer: starts the parts in order, stops them in reverse.

import type { AutoCollector } from "./auto-file.ts";
import { type AutoSources, publishAutoFile } from "./auto-publisher.ts";
import { blocksOf, type Configuration } from "./configuration.ts";
import { type AgentAddress, holdElection } from "./election.ts";
import { Pipeline } from "./flow/pipeline.ts";
import type { Host } from "./host/host.ts";
import { makeInterfaces } from "./interfaces/table.ts";
import { makeGuard } from "./log/guard.ts";
import { limit } from "./log/limit.ts";
import type { Logger } from "./log/logger.ts";
import { modules } from "./modules/index.ts";
import type { Context, Module, Running } from "./modules/module.ts";
import { makeSettings, type Settings } from "./settings.ts";
import { showAddress } from "./sflow/address.ts";
import type { Collector, Destination } from "./sflow/collector.ts";
import { interfaceSource } from "./sflow/data-source.ts";
import { makeAgent } from "./sflow/make-agent.ts";
import { type Collectors, Receiver } from "./sflow/receiver.ts";

/** What the process decides before anything runs. */
export interface Terms {
  /** 16 bytes that name this host. */
  readonly uuid: Uint8Array;
  /** Where hsflowd.auto goes. */
  readonly outputFile: string;
}

export interface RunningProcess {
  readonly agentAddress: AgentAddress | undefined;
  /** Stops capture first, sends what is pending, then closes the collectors. */
  stop(): Promise<void>;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

interface Part {
  readonly name: string;
  readonly running: Running;
}

/** A module that cannot be had costs its own block: the agent says why and runs without it. */
async function makePart(
  module: Module<Record<string, unknown>>,
  blocks: readonly Record<string, unknown>[],
  context: Context,
): Promise<Part | undefined> {
  const name = module.keyword ?? module.help;
  try {
    const loaded = await module.load?.();
    return loaded === undefined ? undefined : { name, running: loaded.create(blocks, context) };
  } catch (error) {
    context.log.error(`${name}: ${messageOf(error)}`);
    return undefined;
  }
}

async function makeParts(configuration: Configuration, context: Context): Promise<Part[]> {
  const parts: Part[] = [];
  for (const module of modules) {
    const blocks = module.keyword === null ? [{}] : blocksOf(configuration, module);
    if (blocks.length === 0) continue;
    const log = module.keyword === null ? context.log : context.log.child(module.keyword);
    const part = await makePart(module, blocks, { ...context, log });
    if (part !== undefined) parts.push(part);
  }
  return parts;
}

async function startAll(parts: readonly Part[], log: Logger): Promise<void> {
  for (const { name, running } of parts) {
    try {
      await running.start();
    } catch (error) {
      log.error(`${name}: ${messageOf(error)}`);
    }
  }
}

async function stopAll(parts: readonly Part[], receiver: Receiver, log: Logger): Promise<void> {
  for (const { name, running } of parts.toReversed()) {
    try {
      await running.stop();
      receiver.flush();
    } catch (error) {
      log.error(`${name}: while stopping: ${messageOf(error)}`);
    }
  }
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

export async function run(
  host: Host,
  configuration: Configuration,
  { uuid, outputFile }: Terms,
  log: Logger,
): Promise<RunningProcess> {
  const { guard, failed } = makeGuard(limit(log, host.clock));
  const settings = makeSettings(configuration.sflow, uuid);
  const interfaces = makeInterfaces(host, log);
  interfaces.start();
  const environment = { clock: host.clock, random: host.random, guard };
  const receiver = new Receiver(environment, streamOf(settings, undefined));
  const agent = makeAgent(environment, receiver, settings.polling);
  // An index is not given out again soon, and what was numbered under it ends with its interface.
  interfaces.onChange(({ kind, adaptor }) => {
    if (kind === "removed") agent.forget(interfaceSource(adaptor.index));
  });
  const flows = new Pipeline(host.clock, (error) => failed("annotator", error));
  const election = await holdElection(host, configuration.sflow, interfaces, log, (address) =>
    receiver.configure(streamOf(settings, address)),
  );
  const collectors = listCollectors(receiver);
  const parts = await makeParts(configuration, { host, agent, collectors, flows, interfaces, settings, log });
  await startAll(parts, log);
  const sources: AutoSources = {
    config: configuration.sflow,
    address: () => election.elected,
    collectors: () => collectors.destinations().map(autoCollector),
    jsonPort: configuration.sflow.jsonPort,
  };
  const publisher = publishAutoFile(host, outputFile, sources, log);
  return {
    get agentAddress() {
      return election.elected;
    },
    async stop() {
      publisher.stop();
      election.stop();
      await stopAll(parts, receiver, log);
      interfaces.stop();
    },
  };
}
