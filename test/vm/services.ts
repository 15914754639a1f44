// systemd { } under the real one: every service that runs, from its first sample to its last, against the files of
// control groups and what systemctl(1) shows.

import { expect } from "vitest";
import { type ContainerSample, containerSamples } from "../e2e/container-samples.ts";
import type { Receiver } from "../e2e/receiver.ts";
import type { Shell } from "./shell.ts";

const [RUNNING, SHUTDOWN] = [1, 4];
const ONE_SHOTS = 100;
const AT_ONCE = 10;
/** Milliseconds that a process takes to end after it was last looked at, on an emulated machine. */
const LAST_BREATH = 60;
/** Rounding to milliseconds. */
const ROUNDING = 1;

const UNITS = {
  // Referred to by another unit, so that systemd remembers it after its end.
  "keeper.service": "[Unit]\nWants=life.service\n[Service]\nExecStart=/bin/sleep infinity",
  "life.service":
    "[Service]\nExecStart=/usr/bin/perl -e 'for (1..3e5) { $x++ } sleep 600'\nRestart=on-failure\nRestartSec=500ms",
  "blink@.service": "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'sleep 0.05; echo %i >>/run/blinks'",
};

export interface Inside {
  readonly shell: Shell;
  readonly receiver: Receiver;
  /** Writes the configuration. */
  configure(...blocks: string[]): Promise<string>;
}

const named = ({ receiver }: Inside, name: string): ContainerSample[] =>
  containerSamples(receiver.datagrams()).filter(({ hostname }) => hostname === name);

const show = async ({ shell }: Inside, unit: string, property: string): Promise<string> =>
  (await shell.run(`systemctl show -p ${property} --value ${unit}`)).trim();

/** Milliseconds, from the control group. */
const usage = async ({ shell }: Inside, unit: string): Promise<number> =>
  Number(await shell.run(`sed -n 's/usage_usec //p' /sys/fs/cgroup/system.slice/${unit}/cpu.stat`)) / 1000;

async function addUnits({ shell }: Inside): Promise<void> {
  for (const [unit, text] of Object.entries(UNITS)) {
    const lines = text.split("\n").map((line) => `"${line.replaceAll(/["$`]/g, "\\$&")}"`);
    await shell.run(`printf '%s\\n' ${lines.join(" ")} >/run/systemd/system/${unit}`);
  }
  await shell.run("systemctl daemon-reload");
}

/** Every service that runs is reported, with the counters of its control group. */
async function expectAllServices(inside: Inside): Promise<void> {
  const { shell, receiver } = inside;
  await addUnits(inside);
  await inside.configure("systemd { }");
  await shell.run("systemctl restart hsflowd", 180);
  const listed = await shell.run("systemctl list-units --type=service --state=running --plain --no-legend");
  const units = listed
    .trim()
    .split("\n")
    .map((line) => line.split(" ")[0] ?? "");
  expect(units).toContain("hsflowd.service");
  const reported = () => new Set(containerSamples(receiver.datagrams()).map(({ hostname }) => hostname));
  await receiver.until("samples of all services", () => units.every((unit) => reported().has(unit)), 120);
  const others = [...reported()].filter((unit) => !units.includes(unit));
  expect(others.filter((unit) => named(inside, unit).at(-1)?.state !== SHUTDOWN)).toEqual([]);
  const quiet = units.filter((unit) => !["hsflowd.service", "take-commands.service"].includes(unit));
  for (const unit of quiet) await expectCounters(inside, unit);
}

/** A sample between two readings of the files lies between them. */
async function expectCounters(inside: Inside, unit: string): Promise<void> {
  const path = `/sys/fs/cgroup${await show(inside, unit, "ControlGroup")}`;
  const read = async () => {
    const files = `cat ${path}/memory.current; sed -n 's/^inactive_file //p' ${path}/memory.stat`;
    const times = `sed -n 's/usage_usec //p' ${path}/cpu.stat; systemctl show -p CPUUsageNSec --value ${unit}`;
    const [memory = 0, inactive = 0, cpu = 0, shown = 0] = (await inside.shell.run(`${files}; ${times}`))
      .trim()
      .split("\n")
      .map(Number);
    return { memory: memory - inactive, cpu: cpu / 1000, shown: shown / 1e6 };
  };
  const before = await read();
  const count = named(inside, unit).length;
  await inside.receiver.until(`another sample of ${unit}`, () => named(inside, unit).length > count, 60);
  const after = await read();
  const sample = named(inside, unit)[count];
  expect(sample, unit).toMatchObject({ state: RUNNING, parent: "2:1" });
  expect(sample?.cpuTime, unit).toBeGreaterThanOrEqual(Math.floor(before.cpu));
  expect(sample?.cpuTime, unit).toBeLessThanOrEqual(after.cpu);
  expect(Math.abs(after.shown - after.cpu), unit).toBeLessThan(LAST_BREATH);
  const [low, high] = [Math.min(before.memory, after.memory), Math.max(before.memory, after.memory)];
  expect(sample?.memory, unit).toBeGreaterThanOrEqual(low * 0.9);
  expect(sample?.memory, unit).toBeLessThanOrEqual(high * 1.1);
}

/** Started, killed, started again by systemd, stopped: two runs with a first and a last sample each. */
async function expectLife(inside: Inside): Promise<void> {
  const { shell, receiver } = inside;
  const samples = () => named(inside, "life.service");
  const runs = () => {
    const all = samples();
    const starts = all.flatMap(({ sequence }, i) => (sequence === 1 ? [i] : []));
    return starts.map((start, i) => all.slice(start, starts[i + 1]));
  };
  const idle = () => shell.until("grep -q '^State:\\sS' /proc/$(systemctl show -p MainPID --value life)/status");
  await shell.run("systemctl start keeper");
  await receiver.until("a first sample", () => samples().length > 0, 60);
  await shell.run("sleep 3");
  await idle();
  const before = await usage(inside, "life.service");
  await shell.run("kill -KILL $(systemctl show -p MainPID --value life)");
  await receiver.until("a run that was killed, and another", () => runs().length === 2, 60);
  await shell.run("sleep 3");
  await idle();
  await shell.run("systemctl stop life");
  const shown = Number(await show(inside, "life.service", "CPUUsageNSec")) / 1e6;
  await receiver.until("a run that was stopped", () => runs()[1]?.at(-1)?.state === SHUTDOWN, 60);
  const [killed, stopped] = runs().map((run) => run.at(-1));
  expect(runs().map((run) => [run[0]?.state, run.filter(({ state }) => state === SHUTDOWN).length])).toEqual([
    [RUNNING, 1],
    [RUNNING, 1],
  ]);
  expect(killed?.cpuTime).toBeGreaterThanOrEqual(Math.floor(before));
  expect(killed?.cpuTime).toBeLessThanOrEqual(before + LAST_BREATH);
  expect(Math.abs((stopped?.cpuTime ?? 0) - shown)).toBeLessThanOrEqual(ROUNDING);
  expect(new Set(samples().map(({ source }) => source)).size).toBe(1);
}

/** None is missed, however short. */
async function expectOneShots(inside: Inside): Promise<void> {
  const { shell, receiver } = inside;
  for (let first = 1; first <= ONE_SHOTS; first += AT_ONCE) {
    const last = first + AT_ONCE - 1;
    await shell.run(`systemctl start --no-block $(seq -s ' ' -f blink@%g ${first} ${last})`);
  }
  await shell.until(`[ $(wc -l </run/blinks) = ${ONE_SHOTS} ]`);
  const began = (await shell.run("cat /run/blinks")).trim().split("\n");
  const reported = (states: readonly number[]) =>
    containerSamples(receiver.datagrams())
      .filter(({ hostname, state }) => hostname.startsWith("blink@") && states.includes(state))
      .map(({ hostname }) => hostname);
  const missing = () => began.filter((number) => !reported([SHUTDOWN]).includes(`blink@${number}.service`));
  await receiver.until(`all that were started; so far not ${missing().join()}`, () => missing().length === 0, 120);
  expect(began).toHaveLength(ONE_SHOTS);
  expect(new Set(reported([RUNNING]))).toEqual(new Set(reported([SHUTDOWN])));
  expect(reported([SHUTDOWN])).toHaveLength(ONE_SHOTS);
}

export const serviceChecks: readonly (readonly [what: string, check: (inside: Inside) => Promise<void>])[] = [
  ["every service that runs is reported, with the counters of its control group", expectAllServices],
  ["a service that is killed, started again and stopped has two runs with their final counters", expectLife],
  [`none of ${ONE_SHOTS} services that live 50 ms is missed`, expectOneShots],
];
