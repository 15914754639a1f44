// Makes the sFlow agent: one sampler, poller and notifier for each data source. See SFLOW-MIB.

import type { Notifier, Numbered, SflowAgent } from "./agent.ts";
import { type AgentCounters, zeroCounters } from "./counters.ts";
import { CustomWriter } from "./custom-samples.ts";
import { type DataSource, parseDataSource, showDataSource } from "./data-source.ts";
import type { Environment } from "./environment.ts";
import { DropNotifier } from "./notifier.ts";
import { countersOf, discardsOf, flowsOf, type Numbering, Numbers } from "./numbers.ts";
import { CountersPoller } from "./poller.ts";
import type { Receiver } from "./receiver.ts";
import { PacketSampler } from "./sampler.ts";
import { makeScratch } from "./scratch.ts";

/** The agent with the methods for the process that runs it. */
export interface RunningAgent extends SflowAgent {
  readonly counters: Readonly<AgentCounters>;
  /** Sets the seconds between counters samples of a source; 0 means off. */
  setPolling(seconds: number): void;
}

export function makeAgent(
  environment: Environment,
  receiver: Receiver,
  polling: number,
  numbers = new Numbers(),
): RunningAgent {
  const { clock, guard, queue } = environment;
  const counters = zeroCounters();
  const parts = { environment, clock, receiver, scratch: makeScratch(guard), counters };
  const samplers = new Map<string, PacketSampler>();
  const pollers = new Map<string, CountersPoller>();
  const notifiers = new Map<string, Notifier>();
  let interval = polling;

  receiver.onActive(() => {
    for (const poller of pollers.values()) queue.add(() => poller.begin());
  });

  function newPoller(source: DataSource): CountersPoller {
    const key = showDataSource(source);
    const poller = new CountersPoller(source, parts, numbers.take(countersOf(source)), () => {
      if (pollers.get(key) !== poller) return;
      pollers.delete(key);
      numbers.giveUp(countersOf(source));
    });
    poller.setInterval(interval);
    return poller;
  }

  const newSampler = (source: DataSource): PacketSampler =>
    once(samplers, source, () => new PacketSampler(source, parts, numbers.take(flowsOf(source))));

  return {
    counters,
    custom: new CustomWriter(parts),
    sampler: newSampler,
    operationSampler: newSampler,
    poller: (source) => once(pollers, source, () => newPoller(source)),
    notifier: (source) =>
      once(notifiers, source, () => new DropNotifier(source, parts, numbers.take(discardsOf(source)))),
    collect: (write) => receiver.collect(write),
    setPolling(seconds) {
      interval = seconds;
      for (const poller of pollers.values()) poller.setInterval(seconds);
    },
    forget(source) {
      const key = showDataSource(source);
      samplers.delete(key);
      notifiers.delete(key);
      pollers.get(key)?.remove();
      for (const name of [flowsOf(source), countersOf(source), discardsOf(source)]) numbers.giveUp(name);
    },
    numbered: () => numbers.all.flatMap((numbering) => (numbering === undefined ? [] : numberedSource(numbering))),
  };
}

/** Returns a list with the data source of a stream of samples; an empty list for a stream of datagrams. */
function numberedSource({ name, subject }: Numbering): Numbered[] {
  const [, text = "", more] = name.split(" ");
  return more === undefined ? [{ source: parseDataSource(text), subject }] : [];
}

/** Returns the object of a data source. Makes the object at the first call for the source. */
function once<T>(made: Map<string, T>, source: DataSource, make: () => T): T {
  const key = showDataSource(source);
  const present = made.get(key);
  if (present !== undefined) return present;
  const fresh = make();
  made.set(key, fresh);
  return fresh;
}
