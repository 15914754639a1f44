// Restarts as a collector sees them: numbers go on over a stop, a kill and an upgrade, and start again where they
// must.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import { openState } from "../../agent/process/state-file.ts";
import { Numbers } from "../../agent/sflow/numbers.ts";
import { makeFakeHost } from "../fakes/host.ts";
import { makeLog } from "../fakes/log.ts";
import type { Agent } from "./agent.ts";
import { run, until } from "./command.ts";
import { type ContainerSample, containerSamples, uuidOf } from "./container-samples.ts";
import { runContainer } from "./docker-agent.ts";
import { makeDockerEngine } from "./docker-engine.ts";
import { expectEnd } from "./expect-end.ts";
import { test as base } from "./fixture.ts";
import { flood } from "./flood.ts";
import { connect, nobody } from "./namespaces.ts";
import type { Datagram } from "./walk.ts";

interface Numbered {
  readonly source: string;
  readonly sequence: number;
}

/** Returns the numbers of each source, in order of arrival. */
function bySource(samples: readonly Numbered[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const { source, sequence } of samples) found.set(source, [...(found.get(source) ?? []), sequence]);
  return found;
}

/** Returns every place where a number does not follow the one before: `source: before, after`. */
const breaks = (samples: readonly Numbered[]): string[] =>
  [...bySource(samples)].flatMap(([source, numbers]) =>
    numbers.flatMap((number, i) => {
      const before = i === 0 ? 0 : (numbers[i - 1] as number);
      return number === before + 1 ? [] : [`${source}: ${before}, ${number}`];
    }),
  );

/** Returns all sequence numbers of the agent as one list. */
const numbersIn = (datagrams: readonly Datagram[]): Numbered[] => [
  ...datagrams.map(({ sequence }) => ({ source: "datagrams", sequence })),
  ...datagrams.flatMap(({ flows }) => flows).map(({ source, sequence }) => ({ source: `flows ${source}`, sequence })),
  ...datagrams.flatMap(({ counters }) => counters).map(({ source, sequence }) => ({ source, sequence })),
];

async function killed(agent: Agent): Promise<void> {
  agent.kill("SIGKILL");
  await until("its end", () => agent.ended());
}

/** An agent that can be stopped and started again, and packets to sample. */
const test = base.extend("setUp", { scope: "file" }, ({ folder, lab, startAgent, startReceiver }) => async () => {
  const [host, far] = [lab.namespace(), lab.namespace()];
  const [near, peer] = connect("eth0", [host, "10.9.8.1"], [far, "10.9.8.2"]);
  const receiver = await startReceiver(host);
  const state = folder.file(`${Math.random()}.state`);
  const text = `sflow {
    agentIP = 10.9.8.1
    polling = 1
    collector { ip = 127.0.0.1 udpport = ${receiver.port} }
    pcap { dev = eth0 sampling = 1 }
  }`;
  const load = { to: nobody(peer.address), packets: 500 };
  return {
    receiver,
    state,
    far,
    load,
    async start(): Promise<Agent> {
      const agent = startAgent(host, text, `--state-file=${state}`);
      await agent.taps(near.index);
      return agent;
    },
    /** Sends `load`, and waits for its samples and a counter sample of the host. */
    async sample(): Promise<void> {
      const count = (all: readonly Datagram[]) => all.flatMap(({ flows }) => flows).length;
      const polls = (all: readonly Datagram[]) => all.flatMap(({ counters }) => counters).length;
      const before = receiver.datagrams();
      await flood(far, load);
      await receiver.until(
        "the samples",
        (all) => count(all) >= count(before) + load.packets && polls(all) > polls(before),
      );
    },
  };
});

test("a stop and a kill leave no gap, no repetition and no pool that decreases", async ({ setUp }) => {
  const { receiver, start, sample } = await setUp();
  const first = await start();
  await sample();
  await expectEnd(first);
  const second = await start();
  await sample();
  await killed(second);
  const third = await start();
  await sample();
  await expectEnd(third);

  const datagrams = receiver.datagrams();
  const flows = datagrams.flatMap((datagram) => datagram.flows);
  expect(breaks(numbersIn(datagrams))).toEqual([]);
  expect(flows.length).toBeGreaterThanOrEqual(1500);
  // At 1-in-1 without loss, the pool equals the sequence number.
  expect(flows.filter(({ pool, sequence, drops }) => pool !== sequence || drops !== 0)).toEqual([]);
  expect(datagrams.every(({ uptime }, i) => i === 0 || uptime >= (datagrams[i - 1] as Datagram).uptime)).toBe(true);
  expect(third.stdout()).toMatch(/continuing sequence numbers of process \d+/);
});

test("a kill during a flood loses at most the datagrams under way, and no number is used twice", async ({ setUp }) => {
  const { receiver, far, load, start, sample } = await setUp();
  const first = await start();
  const flooding = flood(far, { ...load, packets: 40_000, perSecond: 20_000 });
  await receiver.until("many samples", (all) => all.flatMap(({ flows }) => flows).length > 5000);
  await killed(first);
  await flooding;
  const second = await start();
  await sample();
  await second.stop();
  const numbers = numbersIn(receiver.datagrams());
  for (const [source, sequence] of bySource(numbers)) {
    expect(sequence, source).toEqual([...new Set(sequence)].sort((a, b) => a - b));
  }
  // At most one call of sendmmsg was under way, with 128 datagrams at most.
  const sequence = bySource(numbers).get("datagrams") ?? [];
  expect((sequence.at(-1) ?? 0) - sequence.length).toBeLessThanOrEqual(128);
});

test("numbers start at 1 after a reboot or with an invalid file, and the agent says why", async ({ setUp }) => {
  const { receiver, state, start, sample } = await setUp();
  const startsAnew = async (reason: RegExp): Promise<void> => {
    const before = receiver.datagrams().length;
    const agent = await start();
    await sample();
    await agent.stop();
    expect(agent.stdout()).toMatch(reason);
    expect(breaks(numbersIn(receiver.datagrams().slice(before)))).toEqual([]);
  };
  await (await start()).stop();
  writeFileSync(state, readFileSync(state, "latin1").replace(/"boot":"./, '"boot":"?'));
  await startsAnew(/was written before the last boot: sequence numbers start at 1/);
  writeFileSync(state, "#".repeat(1000));
  await startsAnew(/is damaged, or is not a state file: sequence numbers start at 1/);
});

test("a full disk costs the numbers of the next process, and nothing of this one", async ({ folder }) => {
  const small = folder.file("small");
  run("mkdir", small);
  run("mount", "-t", "tmpfs", "-o", "size=8k", "none", small);
  try {
    const log = makeLog();
    writeFileSync(`${small}/filler`, Buffer.alloc(4096));
    const state = openState(makeFakeHost(), `${small}/state`, log);
    for (let i = 0; i < 40; i++) state.numbers.take(`flows 0:${i}`).sequence = i;
    state.numbers.keep();
    state.numbers.keep();
    state.close();
    expect(log.lines).toEqual([
      expect.stringMatching(/^warn: .*ENOSPC.*the next process will start its sequence numbers at 1$/),
    ]);
    expect(readFileSync(`${small}/state`, "utf8")).toBe("");

    writeFileSync(`${small}/more`, Buffer.alloc(4096));
    const second = makeLog();
    expect(openState(makeFakeHost(), `${small}/state`, second).numbers).toBeInstanceOf(Numbers);
    expect(second.lines.at(-1)).toMatch(/^warn: state file: ENOSPC.*choose another file with --state-file$/);
    expect(existsSync(`${small}/state`)).toBe(false);
  } finally {
    run("umount", small);
  }
});

test("containers keep their data sources and numbers; one that was restarted while the agent was down starts at 1", async ({
  folder,
  lab,
  startAgent,
  startReceiver,
}) => {
  const engine = await makeDockerEngine(lab, folder.path);
  try {
    const receiver = await startReceiver(engine.host);
    const state = folder.file("containers.state");
    const start = (more = ""): Agent =>
      startAgent(
        engine.host,
        `sflow {
          agentIP = 127.0.0.1
          polling = 1
          collector { ip = 127.0.0.1 udpport = ${receiver.port} }
          docker { socket = ${engine.address} ${more} }
        }`,
        `--state-file=${state}`,
      );
    const [stays, goes] = [await runContainer(engine), await runContainer(engine)];
    const samples = (
      { id }: { readonly id: string },
      all: readonly Datagram[] = receiver.datagrams(),
    ): ContainerSample[] => containerSamples(all).filter(({ uuid }) => uuid === uuidOf(id));
    const more = async (): Promise<void> => {
      const before = [stays, goes].map((container) => samples(container).length);
      await receiver.until("samples of both", (all) =>
        [stays, goes].every((container, i) => samples(container, all).length > (before[i] ?? 0) + 1),
      );
    };
    const first = start();
    await more();
    await first.stop();
    const ended = samples(goes).length;
    await goes.restart({ t: 0 });
    const second = start();
    await more();
    writeFileSync(
      second.configuration,
      readFileSync(second.configuration, "utf8").replace("docker {", "docker { hostname = on"),
    );
    second.kill("SIGHUP");
    await second.says(/in force after/);
    await more();
    await second.stop();

    expect(breaks(samples(stays))).toEqual([]);
    expect(breaks(samples(goes).slice(0, ended))).toEqual([]);
    expect(breaks(samples(goes).slice(ended))).toEqual([]);
    expect(new Set(samples(goes).map(({ source }) => source)).size).toBe(1);
    await receiver.stop();
  } finally {
    await engine.remove();
  }
});
