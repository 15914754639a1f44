// Containers with more files than the agent has descriptors, and with more interfaces than one read(2) of /proc/net/dev
// returns. getrlimit(2), RLIMIT_NOFILE; proc_pid_net(5).

import { readFileSync } from "node:fs";
import type Docker from "dockerode";
import { expect } from "vitest";
import type { Finding } from "../../agent/commands/doctor/finding.ts";
import type { Status } from "../../agent/report/agent-status.ts";
import { run, tryRun } from "./command.ts";
import { runContainer, type Watched } from "./docker-agent.ts";
import { inParallel } from "./docker-engine.ts";
import { test } from "./docker-fixture.ts";
import { behind } from "./namespaces.ts";

const CONTAINERS = 10;
/** The agent itself has 36 descriptors, and would keep 8 for each container. 3 for each are indispensable. */
const DESCRIPTORS = 76;
const PAIRS = 60;
const PAGE = 4096;

let watched: Watched;
let containers: Docker.Container[];

test.beforeAll(async ({ startEngine, watchEngine }) => {
  const engine = await startEngine();
  const host = behind(engine.host, "prlimit", `--nofile=${DESCRIPTORS}:${DESCRIPTORS}`);
  watched = await watchEngine({ host, address: engine.address }, { polling: 1 });
  containers = [];
  await inParallel(
    4,
    Array.from({ length: CONTAINERS }, (_, i) => i),
    async () => {
      containers.push(await runContainer(engine, { host: { NetworkMode: "none" } }));
    },
  );
});

const command = (...words: string[]) =>
  tryRun(process.execPath, "dist/hsflowd.js", ...words, `--control-socket=${watched.agent.controlSocket}`);

test("every container is reported as running, with all of its counters", async () => {
  const whole = (id: string) =>
    watched.samples(id).filter(({ cpuTime, memory, traffic }) => cpuTime > 0 && (memory ?? 0) > 0 && traffic);
  for (const { id } of containers) {
    const last = watched.samples(id).at(-1)?.sequence ?? 0;
    await watched.sample(id, "a later sample", ({ sequence }) => sequence > last);
    const samples = watched.samples(id);
    expect(whole(id), JSON.stringify(samples)).toEqual(samples);
    expect(new Set(samples.map(({ state }) => state))).toEqual(new Set([1]));
  }
  expect(watched.agent.counters("docker")).toMatchObject({ running: CONTAINERS, ended: 0, unread: 0 });
});

test("log, status and doctor name the cause and the remedy", () => {
  const cause = /few file descriptors are left, so files are opened for each reading, for example \/(proc|sys)\//;
  const { faults = [] } = JSON.parse(command("status", "--format=json").stdout) as Status;
  expect(faults).toMatchObject([{ code: "FEW_LEFT", message: expect.stringMatching(cause) }]);
  const warnings = watched.agent
    .stderr()
    .split("\n")
    .filter((line) => cause.test(line));
  expect(warnings.length).toBe(1);
  expect(warnings[0]).toContain("LimitNOFILE=65536");
  expect(command("status").stdout).toMatch(cause);
  const { findings } = JSON.parse(command("doctor", "--format=json", "-f", watched.agent.configuration).stdout);
  const [found] = (findings as Finding[]).filter(({ message }) => cause.test(message));
  expect(found).toMatchObject({ state: "note", remedy: expect.stringContaining("ulimit -n") });
});

test("the traffic of a container is that of all its interfaces", async () => {
  const [container] = containers as [Docker.Container];
  const { Pid } = (await container.inspect()).State;
  const inside = ["nsenter", "-t", `${Pid}`, "-n"] as const;
  const numbers = Array.from({ length: PAIRS }, (_, i) => i);
  const links = numbers.map((i) => `link add a${i} up type veth peer name b${i}\nlink set b${i} up\n`).join("");
  run(...inside, "sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1");
  run("sh", "-ec", `printf '%s' "$0" | ${inside.join(" ")} ip -batch -`, links);
  const last = `a${PAIRS - 1}`;
  run(...inside, "ip", "address", "add", "10.9.9.1/24", "dev", last);
  // Nobody answers: the frames ask for the address, and the other end receives them.
  tryRun(...inside, "ping", "-q", "-c", "2", "-i", "0.2", "-W", "1", "10.9.9.2");
  const text = readFileSync(`/proc/${Pid}/net/dev`, "utf8");
  expect(text.indexOf(`${last}:`)).toBeGreaterThan(PAGE);
  const rows = [...text.matchAll(/^ *[ab]\d+:(.*)$/gm)].map(([, row = ""]) => row.trim().split(/\s+/).map(Number));
  const kernel = [0, 1, 8, 9].map((column) => rows.reduce((sum, row) => sum + (row[column] ?? 0), 0));
  expect(rows.length).toBe(2 * PAIRS);
  expect(kernel[3]).toBeGreaterThan(0);
  await watched.sample(container.id, `${kernel}`, ({ traffic }) => `${traffic}` === `${kernel}`);
});
