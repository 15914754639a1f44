// The contract of a block, agent/modules/module.ts, held against every block of agent/modules/index.ts.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Running } from "../../agent/modules/module.ts";
import type { Report } from "../../agent/report/report.ts";
import { implemented } from "./blocks.ts";
import {
  descriptors,
  effectsOn,
  heldBy,
  makeBareWorld,
  makePlainWorld,
  makeRealHost,
  makeRealWorld,
  NOTHING,
} from "./worlds.ts";

/** An identifier. A counter of a collector has its name in front, and "failed" before the name of an errno. */
const COUNTER = /^(?:\S+ (?:failed )?)?[A-Za-z]\w*$/;

/** Blocks whose `start` rejects where they cannot serve: the agent logs it, and starts them again at a reload. */
const MAY_REJECT: ReadonlySet<string> = new Set(["metrics"]);

function checkFigures({ counters, report }: Pick<Running, "counters" | "report">): void {
  for (const [key, value] of Object.entries(counters?.() ?? {})) {
    expect(key).toMatch(COUNTER);
    expect(Number.isFinite(value), `${key}: ${value}`).toBe(true);
  }
  const reported = report?.() ?? {};
  // Members that are undefined are absent from JSON, and equal to absent ones.
  expect(JSON.parse(JSON.stringify(reported))).toEqual(unsigned(reported));
  for (const { columns, rows } of reported.tables ?? [])
    for (const row of rows) expect(row).toHaveLength(columns.length);
}

const figuresOf = (running: Running<unknown>) => ({
  counters: () => running.counters?.() ?? {},
  report: () => running.report?.() ?? {},
});

/** Makes -0 into 0. A sum begins at -0, so that the engine keeps it as a double, and JSON has no such number. */
function unsigned(value: unknown): unknown {
  if (typeof value === "number") return value + 0;
  if (Array.isArray(value)) return value.map(unsigned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, unsigned(member)]));
}

/** Returns all obstacles of a report, of the block and of its parts. */
const obstaclesIn = ({ obstacle, collectors = [], taps = [], questions = [] }: Report): string[] => [
  ...[obstacle, ...[...collectors, ...taps].map((each) => each.obstacle)].filter((what) => what !== undefined),
  ...questions.filter(({ failing }) => failing).map(({ question, answer }) => `${question}: ${answer}`),
];

describe.each(implemented)("$name", ({ name, module, read, create }) => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "contract-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("starts, and stop gives back everything", async () => {
    const world = makePlainWorld();
    const running = await create(folder, world);
    await running.start();
    await running.stop();
    await expect.poll(() => heldBy(world)).toEqual(NOTHING);
  });

  test("a second stop has no effect", async () => {
    const world = makePlainWorld();
    const running = await create(folder, world);
    await running.start();
    await running.stop();
    const before = effectsOn(world);
    await running.stop();
    expect(effectsOn(world)).toEqual(before);
  });

  test("stops without having been started", async () => {
    const world = makePlainWorld();
    await (await create(folder, world)).stop();
    expect(heldBy(world)).toEqual(NOTHING);
  });

  test("reconfigure to the same blocks has no effect, nor has restore", async () => {
    const world = makePlainWorld();
    const running = await create(folder, world);
    await running.start();
    const before = effectsOn(world);
    const counters = running.counters?.();
    await running.reconfigure?.(read(folder));
    expect(effectsOn(world)).toEqual(before);
    expect(running.counters?.()).toEqual(counters);
    running.restore?.();
    expect(effectsOn(world)).toEqual(before);
    await running.stop();
  });

  test("counters are numbers and the report is JSON, before, while and after it runs", async () => {
    const world = makePlainWorld();
    const running = await create(folder, world);
    const figures = figuresOf(running);
    checkFigures(figures);
    await running.start();
    checkFigures(figures);
    world.host.clock.advance(1);
    await sleep(1);
    checkFigures(figures);
    await running.stop();
    checkFigures(figures);
  });

  test("starts where everything is missing, reports it, and stops", async () => {
    const world = makeBareWorld();
    const running = await create(folder, world);
    const start = async () => running.start();
    if (MAY_REJECT.has(name)) await expect(start()).rejects.toThrow("EPERM");
    else await start();
    const reports = module.keyword !== null && !MAY_REJECT.has(name);
    const obstacles = (): string[] => {
      world.host.clock.advance(0.1);
      return obstaclesIn(running.report?.() ?? {});
    };
    if (reports) await expect.poll(obstacles).not.toEqual([]);
    checkFigures(figuresOf(running));
    await running.stop();
    await expect.poll(() => heldBy(world)).toEqual(NOTHING);
  });

  test("leaves no descriptor open on this machine", async () => {
    const host = makeRealHost();
    const cycle = async (): Promise<void> => {
      const world = makeRealWorld(host);
      const running = await create(folder, world);
      await running.start();
      await sleep(20);
      checkFigures(figuresOf(running));
      await running.stop();
      expect(world.collectors.joined.size).toBe(0);
    };
    // The first run opens descriptors that stay: those of the addon, of Node, and files of /proc that the host keeps.
    await cycle();
    await sleep(200);
    const before = descriptors();
    await cycle();
    await expect.poll(descriptors, { timeout: 5000 }).toEqual(before);
  });
});
