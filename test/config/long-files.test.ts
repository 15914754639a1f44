// Long files: reading takes a time in proportion to their length, in short steps, and absurd sizes are refused.

import { describe, expect, it } from "vitest";
import { makeLinuxClock } from "../../agent/host/linux-clock.ts";
import { WorkQueue } from "../../agent/host/work-queue.ts";
import { modules } from "../../agent/modules/index.ts";
import { readConfiguration, readingConfiguration } from "../../agent/run/configuration.ts";

const CLOCK = makeLinuxClock({ monotonic: performance.now.bind(performance), uptime: () => "0", wall: Date.now });
const OWN = "collector { ip = 192.0.2.1 } pcap { }";
const COUNT = 10_000;
const repeated = (count: number, item: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => item(i)).join("\n");
const around = (text: string): string => `sflow {\n${OWN}\n${text}\n}`;
const rates = around(repeated(COUNT, (i) => `sampling.app${i} = ${i}`));

const read = (text: string) => readConfiguration(text, modules);
const errors = (text: string): string[] =>
  read(text).problems.flatMap(({ severity, message }) => (severity === "error" ? [message] : []));

describe("10,000 of a kind are read in a few seconds at most", () => {
  it.each([
    ["rates", rates],
    ["rates on one line", rates.replaceAll("\n", " ")],
    ["rates with a tail", around(repeated(COUNT, (i) => `sampling.app${i} = ${i}x`))],
    ["prefixes", around(repeated(COUNT, (i) => `agent.cidr = 10.${i % 250}.0.0/16`))],
    ["overridden keys", around(repeated(COUNT, (i) => `polling = ${i % 300}`))],
    ["old keys", around(repeated(COUNT, () => "DNSSD = off"))],
    ["unknown keys", around(repeated(COUNT, (i) => `pollin${i} = ${i}`))],
    ["unknown blocks", around(repeated(COUNT, (i) => `pkap${i} { dev = x }`))],
    ["bad values", around(repeated(COUNT, (i) => `agent.cidr = 10.0.0.${i}`))],
    ["wrong words", around("wrong word ".repeat(COUNT))],
    ["outermost blocks", repeated(2000, () => around(""))],
  ])("%s", (_, text) => {
    const before = process.cpuUsage();
    read(text);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(4);
  });
});

it("keeps the last of 10,000 rates, and all of them", () => {
  const { configuration } = read(rates);
  expect(configuration?.sflow["sampling.*"].size).toBe(COUNT);
  expect(configuration?.sflow["sampling.*"].get(`app${COUNT - 1}`)).toBe(COUNT - 1);
});

it("reads a long file in many steps, and lets other work run in between", async () => {
  let steps = 0;
  const reading = readingConfiguration(rates, modules);
  while (reading.next().done !== true) steps++;
  expect(steps).toBeGreaterThan(COUNT);
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const { configuration } = await new WorkQueue(CLOCK).finish(readingConfiguration(rates, modules));
  clearInterval(timer);
  expect(turns).toBeGreaterThan(0);
  expect(configuration).toEqual(read(rates).configuration);
});

describe("absurd sizes are refused with the place", () => {
  it.each([
    ["words", around(repeated(30_000, (i) => `sampling.a${i} = 1`)), "the file has more than 50000 words"],
    [
      "collectors",
      `sflow { pcap { } ${repeated(COUNT, () => "collector { ip = 192.0.2.1 }")} }`,
      "the file has more than 50000 words",
    ],
    ["blocks of a kind", around(repeated(1001, (i) => `pcap { dev = eth${i} }`)), "more than 1000 pcap { } blocks"],
    [
      "switch ports",
      around(`opx { ${repeated(1001, (i) => `port { dev = e${i} }`)} }`),
      "more than 1000 port { } blocks",
    ],
    ["characters", around(`# ${"x".repeat(1_100_000)}`), "the file has more than 1048576 characters"],
    ["a value", around(`agent = ${"x".repeat(5000)}`), "the value of agent has 5000 characters"],
    ["a quoted value", around(`agent = "${"'".repeat(200_000)}x"`), "the value of agent has 200001 characters"],
  ])("%s", (_, text, message) => expect(errors(text)).toEqual([message]));
});
