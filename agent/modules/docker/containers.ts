// Every container that runs, by id: what events, the list and the ends of processes do to it. Docker Engine API,
// "system events".

import { VirState } from "../../workloads/records.ts";
import type { Run } from "../../workloads/run.ts";
import { type ContainerCounters, makeRuns, type RunsWorld } from "../../workloads/runs.ts";
import type { ContainerFacts, LifecycleEvent, ListedContainer } from "./answers.ts";
import type { EngineListener } from "./follow.ts";
import { makeEnds } from "./recently-ended.ts";

export interface ContainersWorld extends RunsWorld {
  /** Seconds of the UNIX epoch. */
  wall(): number;
}

export interface Containers extends EngineListener {
  readonly counters: Readonly<ContainerCounters>;
  /** How many run. */
  readonly running: number;
  all(): Iterable<Run>;
  /** Lets go of all without a word: the agent stops, not the containers. */
  stop(): void;
}

const stateOf = (listed: string): number => (listed === "paused" ? VirState.paused : VirState.running);

export function makeContainers(world: ContainersWorld): Containers {
  const ends = makeEnds();
  const runs = makeRuns(world, (id) => ends.remember(id, world.wall()));
  const { counters } = runs;

  /**
   * One that runs already is known from the list, or the event is repeated. One that has ended may be repeated too: it
   * is believed when a process is there, or when it began later.
   */
  function onStart({ id, name, time }: LifecycleEvent): void {
    const known = runs.get(id);
    if (known !== undefined && (known.life.watched || known.life.pid === undefined)) return;
    if (known?.life.alive) return;
    known?.life.end();
    runs.begin(id, name, VirState.running, ends.covers(id, time));
  }

  /**
   * The end of a run that came after the one spoken of is not believed. An end without a beginning is a run that was
   * missed.
   */
  function onDie({ id, name, time, exitCode }: LifecycleEvent): void {
    const known = runs.get(id);
    if (known?.life.alive) return;
    known?.life.end();
    if (exitCode !== undefined) world.debug(() => `${name ?? id}: ended with exit code ${exitCode}`);
    if (ends.confirm(id, time)) return;
    counters.missed++;
    runs.begin(id, name, VirState.running, false);
    ends.confirm(id, time);
  }

  /** Its first process may have ended before the word of it comes. */
  function onOutOfMemory({ id, name }: LifecycleEvent): void {
    counters.outOfMemory++;
    world.debug(() => `${name ?? id}: out of memory`);
  }

  function onChange(run: Run, { action, name }: LifecycleEvent): void {
    switch (action) {
      case "pause":
        runs.change(run, VirState.paused);
        break;
      case "unpause":
        runs.change(run, VirState.running);
        break;
      case "rename":
        runs.rename(run, name);
        break;
      case "update":
        runs.learn(run);
        break;
      case "network connect":
      case "network disconnect":
        run.life.network?.outdated();
        run.poller.sampleNow();
        break;
    }
  }

  function onListed({ id, name, state }: ListedContainer): void {
    const known = runs.get(id);
    if (known === undefined) {
      counters.found++;
      runs.begin(id, name, stateOf(state), ends.covers(id, undefined));
    } else {
      if (name !== undefined) runs.rename(known, name);
      runs.change(known, stateOf(state));
      if (!known.learned) runs.learn(known);
    }
  }

  function onEnded({ id, name, startedAt }: ContainerFacts): void {
    if (runs.get(id) !== undefined || ends.covers(id, startedAt)) return;
    counters.missed++;
    runs.begin(id, name, VirState.running, false);
  }

  return {
    counters,
    get running() {
      return runs.size;
    },
    all: () => runs.all(),
    onEvent(event) {
      if (event.action === "start") return onStart(event);
      if (event.action === "die") return onDie(event);
      if (event.action === "oom") return onOutOfMemory(event);
      const run = runs.get(event.id);
      if (run !== undefined) onChange(run, event);
    },
    onList(listed, asked) {
      const running = listed.filter(({ state }) => state === "running" || state === "paused");
      const ids = new Set(running.map(({ id }) => id));
      for (const run of [...runs.all()]) {
        if (!ids.has(run.id) && run.startedAt < asked && !run.life.watched) run.life.end();
      }
      for (const container of running) onListed(container);
      runs.giveUpOthers();
    },
    onEnded(ended) {
      for (const container of ended) onEnded(container);
    },
    stop: () => runs.release(),
  };
}
