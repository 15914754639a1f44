// The containers that run at this moment, each with its data source, name and poller: first sample, changes, last
// sample.

import type { ControlGroup } from "../counters/control-group.ts";
import type { Timer } from "../host/host.ts";
import { messageOf } from "../log/message-of.ts";
import type { ContainerFacts } from "../modules/docker/answers.ts";
import type { Numbered, Poller } from "../sflow/agent.ts";
import type { DataSource } from "../sflow/data-source.ts";
import { containerUuid, isContainerSource, makeDataSourceTable, showUuid } from "./data-source-table.ts";
import { makeNameTable } from "./names.ts";
import type { Life } from "./process-group.ts";
import { addRecords, type Facts, type HostFacts, VirState } from "./records.ts";
import { type Limits, NO_LIMITS, type OwnRun, type Run, subjectOf, uuidIn } from "./run.ts";

export interface RunsWorld {
  poller(source: DataSource): Poller;
  /** Data sources that had numbers when this began, of this process or one before, and whose they were. */
  readonly numbered: readonly Numbered[];
  /** Undefined where the engine does not know the container any more; rejects where it cannot be asked. */
  inspect(id: string): Promise<ContainerFacts | undefined>;
  begin(id: string, onEnd: () => void): Life;
  limits(group: ControlGroup): Limits;
  readonly hostFacts: HostFacts;
  /** Milliseconds since boot. */
  now(): number;
  after(milliseconds: number, callback: () => void): Timer;
  /** Report hostnames instead of names. */
  readonly useHostname: boolean;
  debug(message: () => string): void;
}

export interface ContainerCounters {
  /** First samples and last ones. */
  started: number;
  ended: number;
  /** Known only from a list. */
  found: number;
  /** Known only when they had ended. */
  missed: number;
  /** Had ended before their start was read. */
  blinks: number;
  /** Nothing could be read of them. */
  unread: number;
  outOfMemory: number;
  inspectFailed: number;
}

export interface Runs {
  readonly counters: ContainerCounters;
  readonly size: number;
  get(id: string): Run | undefined;
  all(): Iterable<Run>;
  begin(id: string, name: string | undefined, state: number, doubtful: boolean): void;
  change(run: Run, state: number): void;
  rename(run: Run, name: string | undefined): void;
  /** Asks the engine for what events do not say. */
  learn(run: Run): void;
  /** All that run are known: containers that had numbers before, and have not begun by now, ended unseen. */
  giveUpOthers(): void;
  /** Lets go of all without a word. */
  release(): void;
}

/** The list comes too late for one that only the engine can tell of. */
const RETRY_MS = 2000;
const ZERO = { started: 0, ended: 0, found: 0, missed: 0, blinks: 0, unread: 0, outOfMemory: 0, inspectFailed: 0 };

export function makeRuns(world: RunsWorld, onEnd: (id: string) => void): Runs {
  const counters: ContainerCounters = { ...ZERO };
  const runs = new Map<string, OwnRun>();
  const before = world.numbered.filter(({ source }) => isContainerSource(source));
  const sources = makeDataSourceTable(new Map(before.map((known) => [uuidIn(known), known.source.index])));
  const unseen = new Map(before.map((known) => [uuidIn(known), known.source]));
  const names = makeNameTable();
  const { hostFacts: host, useHostname } = world;

  const own = (run: Run): OwnRun | undefined => (runs.get(run.id) === run ? (run as OwnRun) : undefined);

  const factsOf = ({ id, uuid, state, cpus, limits }: OwnRun): Facts => ({
    uuid,
    hostname: names.wireName(id),
    state,
    processors: cpus ?? limits.processors ?? host.processors,
    memoryLimit: Math.min(limits.memory ?? host.memory, host.memory),
    host,
  });

  function open(run: OwnRun): void {
    if (run.open) return;
    run.open = true;
    counters.started++;
    const { group } = run.life;
    if (group === undefined) {
      counters.unread++;
      world.debug(() => `${run.id}: no control group, so it is reported without counters`);
    } else run.limits = world.limits(group);
    run.withdraw = run.poller.contribute((into) => addRecords(into, factsOf(run), run.life.read()));
  }

  function forget(run: OwnRun): void {
    run.retry?.cancel();
    run.poller.remove();
    runs.delete(run.id);
    sources.release(run.source);
    names.remove(run.id);
  }

  /**
   * The last sample: final counters, then nothing more under this data source. One that ended before anything was said
   * of it is introduced by what is left of it.
   */
  function finish(run: OwnRun): void {
    if (own(run) === undefined) return;
    if (run.doubtful && !run.open) {
      forget(run);
      return;
    }
    if (!run.open) {
      counters.blinks++;
      open(run);
      run.poller.sampleNow();
    }
    run.state = VirState.shutdown;
    run.poller.sampleNow();
    forget(run);
    onEnd(run.id);
    counters.ended++;
  }

  /** The first sample goes out before anything is asked of the engine, but for what only the engine knows. */
  function introduce(run: OwnRun): void {
    if (run.life.over) {
      run.life.end();
      return;
    }
    if (run.life.pid !== undefined && !useHostname) {
      open(run);
      run.poller.sampleNow();
    }
    void learn(run);
  }

  async function learn(run: OwnRun): Promise<void> {
    try {
      const facts = await world.inspect(run.id);
      if (own(run) !== undefined) take(run, facts);
    } catch (error) {
      counters.inspectFailed++;
      world.debug(() => `${run.id}: cannot be inspected: ${messageOf(error)}`);
      if (own(run) === undefined) return;
      run.retry?.cancel();
      run.retry = world.after(RETRY_MS, () => void learn(run));
    }
  }

  function take(run: OwnRun, facts: ContainerFacts | undefined): void {
    run.learned = true;
    run.retry?.cancel();
    run.cpus = facts?.cpus;
    if (facts !== undefined) names.set(run.id, useHostname ? facts.hostname : facts.name);
    if (facts !== undefined && facts.pid > 0) run.life.adopt(facts.pid);
    if (run.life.over || run.life.pid === undefined) {
      run.life.end();
      return;
    }
    if (run.life.group !== undefined) run.limits = world.limits(run.life.group);
    if (run.open) return;
    if (facts?.state === "paused") run.state = VirState.paused;
    open(run);
    run.poller.sampleNow();
  }

  return {
    counters,
    get size() {
      return runs.size;
    },
    get: (id) => runs.get(id),
    all: () => runs.values(),
    begin(id, name, state, doubtful) {
      const uuid = containerUuid(id);
      const source = sources.take(uuid);
      unseen.delete(showUuid(uuid));
      if (source === undefined) return world.debug(() => `${id}: all data sources are taken`);
      if (name !== undefined && !useHostname) names.set(id, name);
      let run: OwnRun | undefined;
      const life = world.begin(id, () => run !== undefined && finish(run));
      const poller = world.poller(source);
      poller.setSubject(subjectOf(uuid, life, world.now()));
      const known = { id, uuid, source, life, state, doubtful, poller, startedAt: world.now() };
      const unknown = { learned: false, open: false, cpus: undefined, limits: NO_LIMITS };
      run = { ...known, ...unknown, withdraw: () => undefined, retry: undefined };
      runs.set(id, run);
      introduce(run);
    },
    change(run, state) {
      const known = own(run);
      if (known === undefined || known.state === state) return;
      known.state = state;
      if (known.open) known.poller.sampleNow();
    },
    rename(run, name) {
      if (name === undefined || useHostname || names.get(run.id) === name) return;
      names.set(run.id, name);
      run.poller.sampleNow();
    },
    learn(run) {
      const known = own(run);
      if (known !== undefined) void learn(known);
    },
    giveUpOthers() {
      for (const source of unseen.values()) world.poller(source).remove();
      unseen.clear();
    },
    release() {
      for (const run of runs.values()) {
        run.retry?.cancel();
        run.withdraw();
        run.life.release();
      }
      runs.clear();
    },
  };
}
