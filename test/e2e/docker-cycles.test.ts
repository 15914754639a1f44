// Containers made and removed in rounds: descriptors, memory and data sources of the agent return to their level.
// CONTAINERS=200 ROUNDS=10 is the long form.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { expect, vi } from "vitest";
import { until } from "./command.ts";
import { containerSamples, livesOf } from "./container-samples.ts";
import { runContainer } from "./docker-agent.ts";
import { inParallel } from "./docker-engine.ts";
import { test } from "./docker-fixture.ts";

const CONTAINERS = Number(process.env["CONTAINERS"] ?? 12);
const ROUNDS = Number(process.env["ROUNDS"] ?? 4);
const ENDED = 4;
const MIB = 1 << 20;
/** Bytes of the state file for each data source. */
const LINE = 256;

test.afterAll(() => void vi.unstubAllEnvs());

test(
  `${CONTAINERS} containers, ${ROUNDS} times: descriptors, memory and data sources return to where they were`,
  async ({ startEngine, watchEngine }) => {
    const engine = await startEngine();
    // As the package starts it. Otherwise the young generation of the heap grows by tens of MiB, the faster
    // containers are made.
    vi.stubEnv("NODE_FLAGS", "--max-semi-space-size=1");
    const watched = await watchEngine(engine, { polling: 10 });
    const { pid } = watched.agent;
    const descriptors = () => readdirSync(`/proc/${pid}/fd`).length;
    const resident = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
    const state = `${watched.agent.configuration}.state`;
    const sources = () => statSync(state).size / LINE;
    const all = () => livesOf(containerSamples(watched.receiver.datagrams()));
    const twice = () => {
      const lives = all();
      return lives.filter(({ uuid }) => lives.filter((other) => other.uuid === uuid).length > 1);
    };
    const rows: { descriptors: number; resident: number; most: number; sources: number }[] = [];
    const before = descriptors();
    for (let round = 1; round <= ROUNDS; round++) {
      const containers: Awaited<ReturnType<typeof runContainer>>[] = [];
      await inParallel(
        4,
        Array.from({ length: CONTAINERS }, (_, i) => i),
        async () => {
          containers.push(await runContainer(engine));
        },
      );
      const most = descriptors();
      await inParallel(4, containers, (container) => container.remove({ force: true }));
      const ended = () => containerSamples(watched.receiver.datagrams()).filter(({ state }) => state === ENDED).length;
      await until("the last samples", () => ended() === round * CONTAINERS, {
        evidence: () =>
          `${ended()} of ${round * CONTAINERS}\n${JSON.stringify(twice(), null, 1)}${watched.agent.stderr()}`,
      });
      await until("as many descriptors as before", () => descriptors() <= before + 2, {
        evidence: () => `${before} before, ${descriptors()} now`,
      });
      rows.push({ descriptors: descriptors(), resident: resident(), most, sources: sources() });
    }
    for (const row of rows) {
      process.stdout.write(
        `    descriptors ${row.descriptors} (${row.most} with all running), resident ${(row.resident / MIB).toFixed(1)} MiB, room for ${row.sources} numbers\n`,
      );
    }
    expect(rows[0]?.most).toBeGreaterThanOrEqual(before + 3 * CONTAINERS);
    expect((rows.at(-1)?.resident ?? 0) - (rows[0]?.resident ?? 0)).toBeLessThan(12 * MIB);
    expect(new Set(rows.map((row) => row.sources)).size).toBe(1);
    await watched.agent.stop();
    expect(readFileSync(state, "utf8")).not.toContain("counters 3:");
    const lives = all();
    expect(lives).toHaveLength(ROUNDS * CONTAINERS);
    expect(lives.every(({ samples }) => samples.at(-1)?.state === ENDED)).toBe(true);
  },
  60_000 + CONTAINERS * ROUNDS * 2000,
);
