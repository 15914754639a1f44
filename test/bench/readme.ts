// `npm run docs`: writes the figures of results.json into test/bench/README.md, between two marks.

import { readFileSync, writeFileSync } from "node:fs";
import type { Results } from "./main.ts";

const README = "test/bench/README.md";
const BEGIN = "<!-- figures of test/bench/results.json: npm run docs -->";
const END = "<!-- end of figures -->";

type Row = readonly [what: string, here: string, budget: string, hsflowd: string];

const HEAD: Row = ["", "here", "at most", "hsflowd 2.1.25"];

const us = (value: number): string => `${value.toFixed(2)} us`;
const megabytes = (value: number): string => `${value.toFixed(0)} MB`;
const share = (value: number): string => `${value.toFixed(2)} %`;

function samplingRows({ sampling, plainSendtoMicroseconds: sendto }: Results): Row[] {
  return sampling
    .filter(({ packetsPerSecond }) => packetsPerSecond >= 100_000)
    .map(({ packetsPerSecond, microsecondsPerSample: cost, lost, offered }): Row => {
      const what = `processor a sample, ${packetsPerSecond / 1000} kpps 1-in-1; lost of ${offered.toLocaleString("en")}`;
      const standard = packetsPerSecond === 100_000;
      const here = `${us(cost)}, ${(cost / sendto).toFixed(2)} sendto; ${lost}`;
      return [what, here, standard ? "0.24 sendto; 0" : "none lost", standard ? "1.6-1.8 us, 0.5 sendto" : ""];
    });
}

function costRows({ tcp, plainSendtoMicroseconds: sendto, idle, docker, startMilliseconds }: Results): Row[] {
  const annotated = tcp.microsecondsPerSample;
  return [
    [
      "the same with `tcp { }`",
      `${us(annotated)}, ${(annotated / sendto).toFixed(2)} sendto`,
      "0.74 sendto",
      "4.5-8 us",
    ],
    ["processor when idle, polling every second, after nine minutes", share(idle.cpuPercent), "", "0.07 %"],
    ["memory", megabytes(idle.memory.residentMegabytes), "60 MB", "6-7 MB"],
    ["anonymous part of it", megabytes(idle.memory.anonymousMegabytes), "18 MB", ""],
    [
      `memory with \`docker { }\`, ${docker.containers} containers`,
      megabytes(docker.memory.residentMegabytes),
      "75 MB",
      "",
    ],
    ["anonymous part of it", megabytes(docker.memory.anonymousMegabytes), "28 MB", ""],
    ["from exec to the first datagram", `${startMilliseconds.toFixed(0)} ms`, "500 ms", "3-5 s"],
  ];
}

const growthRows = ({ growth: { samples, interfaces, collectors, containers }, manyContainers }: Results): Row[] =>
  Object.entries({
    "samples a second": samples,
    interfaces,
    collectors,
    "containers (a polling round)": manyContainers ?? containers,
  }).map(([name, { points, exponent }]): Row => {
    const span = [points[0], points.at(-1)].map((point) => (point?.work ?? 0).toLocaleString("en")).join(" to ");
    return [`growth of the processor time with ${name}, ${span}`, `exponent ${exponent.toFixed(2)}`, "1", ""];
  });

function passingRows({ passing: { sampling, receive, transmit } }: Results): Row[] {
  return Object.entries({ arrives: receive, leaves: transmit }).map(([way, { bare, tapped }]): Row => {
    const added = tapped.machineMicroseconds - bare.machineMicroseconds;
    const rates = [bare, tapped].map(({ packetsPerSecond }) => (packetsPerSecond / 1000).toFixed(0)).join(" to ");
    const what = `whole machine, a packet that ${way} 1-in-${sampling} sampled; at full speed`;
    return [what, `${us(added)} more; from ${rates} kpps`, "", ""];
  });
}

const accuracyRows = ({ accuracy }: Results): Row[] =>
  accuracy.totals.map(({ sampling, samples, errorPercent, expectedPercent }): Row => {
    const what = `totals of ${samples.toLocaleString("en")} samples 1-in-${sampling}, against the interface`;
    return [what, `${errorPercent >= 0 ? "+" : ""}${share(errorPercent)}`, share(expectedPercent), ""];
  });

/** Returns the costs that exceed their budget, and by how much. */
function missed(results: Results): string[] {
  const { sampling, tcp, plainSendtoMicroseconds: sendto, idle, docker, startMilliseconds } = results;
  const standard = sampling.find(({ packetsPerSecond }) => packetsPerSecond === 100_000);
  const budgets: readonly [what: string, value: number, limit: number, unit: string][] = [
    ["a sample", (standard?.microsecondsPerSample ?? Number.NaN) / sendto, 0.24, "sendto"],
    ["a sample with `tcp { }`", tcp.microsecondsPerSample / sendto, 0.74, "sendto"],
    ["memory", idle.memory.residentMegabytes, 60, "MB"],
    ["its anonymous part", idle.memory.anonymousMegabytes, 18, "MB"],
    ["memory with `docker { }`", docker.memory.residentMegabytes, 75, "MB"],
    ["its anonymous part", docker.memory.anonymousMegabytes, 28, "MB"],
    ["start", startMilliseconds, 500, "ms"],
    ["samples lost", sampling.reduce((sum, { lost }) => sum + lost, 0), 0, ""],
  ];
  return budgets
    .filter(([, value, limit]) => !(value <= limit))
    .map(([what, value, limit, unit]) =>
      `${what} by ${Number((value - limit).toPrecision(2)).toLocaleString("en")} ${unit}`.trim(),
    );
}

/** The text under the table: missed budgets, and where the time goes at the standard load. */
function verdict(results: Results): string {
  const over = missed(results);
  const frames = results.profile.map(({ frame, percent }) => `\`${frame}\` ${percent.toFixed(0)} %`).join(", ");
  const first = over.length === 0 ? "All of these budgets are kept." : `Over budget: ${over.join(", ")}.`;
  return `${first}\nOf the main thread's time at 100 kpps: ${frames}.`;
}

function figures(results: Results): string {
  const { machine, plainSendtoMicroseconds } = results;
  const rows = [samplingRows, costRows, growthRows, passingRows, accuracyRows].flatMap((make) => make(results));
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const facts = [
    `Measured by \`npm run bench\` on ${machine.cores} x ${machine.processor}, Linux ${machine.kernel},`,
    `Node ${machine.node}, at a load average of ${machine.loadAverage}.`,
    `One plain sendto of 1,350 bytes cost ${us(plainSendtoMicroseconds)} in the same run.`,
    "Figures of hsflowd are from a machine of the same kind.",
  ];
  return ["", ...facts, "", line(HEAD), line(HEAD.map(() => "---")), ...rows.map(line), "", verdict(results), ""].join(
    "\n",
  );
}

const results: Results = JSON.parse(readFileSync("test/bench/results.json", "utf8"));
const readme = readFileSync(README, "utf8");
const [before, rest = ""] = readme.split(BEGIN);
const after = rest.split(END)[1];
if (after === undefined) throw new Error(`${README} has no "${BEGIN}" and "${END}"`);
writeFileSync(README, `${before}${BEGIN}\n${figures(results)}\n${END}${after}`);
