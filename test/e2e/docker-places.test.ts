// Containers whose cgroups are not where engines put them by default: their counters, however short they live, and
// their sequence numbers over restarts of the agent. Also what an agent notices whose stream of events is silent.

import { execFileSync } from "node:child_process";
import { rmdirSync } from "node:fs";
import { expect } from "vitest";
import { until } from "./command.ts";
import { containerSamples, livesOf, uuidOf } from "./container-samples.ts";
import { type DeafProxy, startDeafProxy } from "./deaf-proxy.ts";
import { runContainer, type Watched } from "./docker-agent.ts";
import { type DockerEngine, inParallel } from "./docker-engine.ts";
import { test } from "./docker-fixture.ts";

const ENDED = 4;
const UNKNOWN = 0xffffffff;
const ROOT = "/sys/fs/cgroup";
const NAME = `hsflowd-e2e-${process.pid}`;

let engine: DockerEngine;
let watched: Watched;
/** Another agent. Its stream of events is silent from the first test on. */
let unheard: Watched;
let proxy: DeafProxy;

/** Removes the cgroups that the engine leaves behind: the parents of containers. */
function removeGroups(): void {
  const text = execFileSync("find", [ROOT, "-depth", "-type", "d", "-path", `*/${NAME}*`], { encoding: "utf8" });
  for (const folder of text.split("\n").filter((line) => line !== "")) rmdirSync(folder);
}

test.beforeAll(async ({ atEnd, folder, startEngine, watchEngine }) => {
  atEnd(removeGroups);
  engine = await startEngine("--cgroup-parent", `/${NAME}/all`);
  watched = await watchEngine(engine, { polling: 1 });
  proxy = await startDeafProxy(folder.file("deaf.sock"), engine.address);
  atEnd(proxy.close);
  unheard = await watchEngine({ ...engine, address: proxy.address }, { polling: 1 });
  proxy.deafen();
});

const PARENTS = [
  {},
  { CgroupParent: `/${NAME}/x` },
  { CgroupParent: `/${NAME}.slice/${NAME}-a.slice` },
  { CgroupParent: `/${NAME}/pods/pod1` },
  { CgroupParent: `/${NAME}/pods/pod2` },
];

const ids: string[] = [];

test("containers in a cgroup of another parent are reported with counters, however short they live", async () => {
  const jobs = PARENTS.flatMap((host) => ["true", "sleep 0.05"].map((command) => ({ host, command })));
  await inParallel(2, jobs, async ({ host, command }) => {
    const container = await runContainer(engine, { command, host: { NetworkMode: "none", ...host } });
    ids.push(container.id);
  });
  const lives = () => livesOf(containerSamples(watched.receiver.datagrams()));
  const lasts = () =>
    ids.map((id) =>
      lives()
        .find(({ uuid }) => uuid === uuidOf(id))
        ?.samples.at(-1),
    );
  await until("all last samples", () => lasts().every((last) => last?.state === ENDED));
  expect(lasts().filter((last) => last?.cpuTime === UNKNOWN || last?.memory === undefined)).toEqual([]);
  expect(watched.agent.counters("docker")).toMatchObject({ unread: 0, ended: jobs.length });
});

test("a container keeps its sequence numbers over restarts of the agent, wherever its cgroup is", async ({
  folder,
  watchEngine,
}) => {
  const container = await runContainer(engine, { host: { CgroupParent: `/${NAME}/x`, NetworkMode: "none" } });
  ids.push(container.id);
  const flags = [`--state-file=${folder.file("places.state")}`];
  const numbers: number[] = [];
  for (let run = 0; run < 3; run++) {
    const agent = await watchEngine(engine, { polling: 1, flags });
    await until("two samples", () => agent.samples(container.id).length >= 2);
    await agent.stop();
    numbers.push(...agent.samples(container.id).map(({ sequence }) => sequence));
  }
  expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  await container.remove({ force: true });
});

test("a stream of events that is silent is replaced within 30 seconds, and what it did not deliver is counted", async () => {
  const container = await runContainer(engine, { host: { NetworkMode: "none" } });
  await unheard.sample(container.id, "its first sample", () => true);
  const last = (one: string) => unheard.samples(one).at(-1)?.state;
  await until("all last samples", () => ids.every((one) => last(one) === ENDED));
  expect(unheard.agent.counters("docker")).toMatchObject({ silent: 1, missed: ids.length, connections: 1 });
  expect(unheard.agent.stdout() + unheard.agent.stderr()).toContain("the stream of events had gone silent");
  await container.remove({ force: true });
  await unheard.sample(container.id, "its last sample", ({ state }) => state === ENDED);
}, 60_000);
