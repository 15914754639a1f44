// An engine that is absent, killed, restarted and hung while containers start and end: none is missed or reported
// twice. WIDTH=8 CHURN=8000 is the long form.

import { statSync } from "node:fs";
import { describe, expect } from "vitest";
import { sleep, until } from "./command.ts";
import { containerSamples, livesOf, uuidOf } from "./container-samples.ts";
import { runContainer, type Watched } from "./docker-agent.ts";
import { type DockerEngine, IMAGE } from "./docker-engine.ts";
import { test } from "./docker-fixture.ts";
import { NET_RAW_PTRACE_ADMIN, nobodyWith, rightsOf } from "./threads.ts";

const LASTING = 10;
/** The number of containers that are started at a time, and the milliseconds of it before each interruption. */
const WIDTH = Number(process.env["WIDTH"] ?? 4);
const CHURN = Number(process.env["CHURN"] ?? 1500);
const DEADLINE = 120_000 + CHURN * WIDTH;
const ENDED = 4;

let engine: DockerEngine;
let watched: Watched;

/** Starts short containers until stopped. A container that the engine refuses or loses was not started. */
function churn({ docker }: DockerEngine, name: string) {
  let going = true;
  let count = 0;
  const one = async () => {
    const options = { name: `${name}-${count++}`, Image: IMAGE, Cmd: ["usleep", "50000"] };
    const container = await docker.createContainer(options);
    await container.start();
  };
  const run = async () => {
    while (going) await one().catch(() => sleep(20));
  };
  const done = Promise.all(Array.from({ length: WIDTH }, run));
  return {
    async stop() {
      going = false;
      await done;
    },
  };
}

/** Returns every container that the engine ever started, whatever happened to it. */
async function everStarted({ docker }: DockerEngine): Promise<string[]> {
  const all = await docker.listContainers({ all: true });
  const inspected = await Promise.all(all.map(({ Id }) => docker.getContainer(Id).inspect()));
  return inspected.filter(({ State }) => !State.StartedAt.startsWith("0001")).map(({ Id }) => uuidOf(Id));
}

describe("an engine killed twice in mid-churn, and stopped once", () => {
  let started: string[];
  let lasting: string[];
  const lives = () => livesOf(containerSamples(watched.receiver.datagrams()));

  test.beforeAll(async ({ startEngine, watchEngine }) => {
    engine = await startEngine();
    const address = engine.address;
    await engine.stop();
    watched = await watchEngine(
      { ...engine, address },
      {
        polling: 2,
        connected: /the socket does not exist|connection refused/,
      },
    );
    await engine.start();
    await watched.agent.says(/following/);
    const containers = await Promise.all(Array.from({ length: LASTING }, () => runContainer(engine)));
    lasting = containers.map(({ id }) => uuidOf(id));
    for (const end of ["kill", "kill", "stop"] as const) {
      const churned = churn(engine, `${end}-${Date.now()}`);
      await sleep(CHURN);
      await engine[end]();
      await sleep(700);
      await engine.start();
      await sleep(700);
      await churned.stop();
    }
    // The engine is down while two of the lasting ones end.
    const two = await Promise.all(containers.slice(0, 2).map((container) => container.inspect()));
    await engine.kill();
    const before = lives().filter(({ samples }) => samples.at(-1)?.state === ENDED).length;
    for (const { State } of two) process.kill(State.Pid, "SIGKILL");
    await until("two ends without an engine", () => {
      const ends = lives().filter(({ samples }) => samples.at(-1)?.state === ENDED);
      return ends.length >= before + 2;
    });
    await engine.start();
    await sleep(1500);
    started = await everStarted(engine);
    const missing = () => started.filter((uuid) => !lives().some((life) => life.uuid === uuid));
    await until(
      "the ends of all short ones",
      () => {
        const ends = lives().filter(({ samples }) => samples.at(-1)?.state === ENDED);
        return ends.length >= started.length - LASTING + 2;
      },
      { evidence: () => `of ${started.length} not reported: ${missing().join(" ")}` },
    );
  }, DEADLINE);

  test("the agent runs as nobody, in the group of the engine's socket, each time", ({ folder }) => {
    const { gid } = statSync(folder.file("docker.sock"));
    expect(rightsOf(watched.agent.pid)).toEqual([nobodyWith(NET_RAW_PTRACE_ADMIN, `${gid}`)]);
  });

  test("none is missed, and none is reported twice", () => {
    const reported = lives().map(({ uuid }) => uuid);
    expect(reported.toSorted()).toEqual(started.toSorted());
    process.stdout.write(`    containers: ${started.length}, of them ${LASTING} lasting\n`);
  });

  test("lasting containers keep their data source and their sequence", () => {
    for (const uuid of lasting) {
      const samples = lives().find((life) => life.uuid === uuid)?.samples ?? [];
      expect(samples.map(({ sequence }) => sequence)).toEqual(samples.map((_, i) => i + 1));
      expect(new Set(samples.map(({ source }) => source)).size).toBe(1);
      const times = samples.map(({ cpuTime }) => cpuTime);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      const gaps = samples.slice(1).map(({ time }, i) => time - (samples[i]?.time ?? 0));
      expect(Math.max(...gaps)).toBeLessThan(3.5);
    }
  });

  test("the agent reports once each time that the connection to the engine is lost, and that it is back", () => {
    const lines = watched.agent.stdout() + watched.agent.stderr();
    expect(lines.match(/docker: following/g)).toHaveLength(5);
    expect(lines.match(/docker: .*the engine closed the connection/g)).toHaveLength(4);
  });
});

test("an engine that hangs is followed again when it goes on", async () => {
  const container = await runContainer(engine);
  await watched.sample(container.id, "a first sample", () => true);
  engine.signal("SIGSTOP");
  const last = watched.samples(container.id).at(-1)?.sequence ?? 0;
  await watched.sample(container.id, "a sample meanwhile", ({ sequence }) => sequence > last);
  engine.signal("SIGCONT");
  const next = await runContainer(engine);
  await watched.sample(next.id, "a first sample of the next", () => true);
  expect(watched.samples(container.id).some(({ state }) => state === ENDED)).toBe(false);
});
