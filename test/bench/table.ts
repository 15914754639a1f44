// The figures as a table for a terminal.

import type { Curve } from "./curve.ts";
import type { Results } from "./main.ts";

const row = (what: string, value: string) => `  ${what.padEnd(70)} ${value.padStart(14)}`;

const percent = (value: number): string => `${value.toFixed(1)} %`;

/** The cost that a tap adds to each packet that passes, sampled or not. */
const passingRows = ({ sampling, receive, transmit }: Results["passing"]): string[] =>
  Object.entries({ arriving: receive, leaving: transmit }).flatMap(([way, { bare, tapped }]) => [
    row(`packets ${way} through a veth, nobody sampling`, `${(bare.packetsPerSecond / 1000).toFixed(0)} kpps`),
    row(`  sampled 1-in-${sampling}`, `${(tapped.packetsPerSecond / 1000).toFixed(0)} kpps`),
    row("  whole machine, a packet, nobody sampling", `${bare.machineMicroseconds.toFixed(2)} us`),
    row(`  whole machine, a packet, sampled 1-in-${sampling}`, `${tapped.machineMicroseconds.toFixed(2)} us`),
  ]);

/** The same by engine, above the bare path. A result of an earlier run may lack it. */
const unsampledRows = ({ unsampled }: Partial<Pick<Results, "unsampled">>): string[] =>
  (unsampled?.rows ?? []).map(({ direction, engine, minimum, median }) =>
    row(
      `a packet, ${direction}, 1-in-${unsampled?.sampling}, no sample: ${engine === "bare" ? "bare" : `${engine} above bare`}`,
      `${minimum.toFixed(0)}, median ${median.toFixed(0)} ns`,
    ),
  );

/** Low rates, by agent: the medians of the windows. A result of an earlier run may lack them. */
export const lowRateRows = ({ lowRates }: Partial<Pick<Results, "lowRates">>): string[] =>
  (lowRates ?? []).flatMap(({ agent, samplesPerSecond, milliseconds, wakes, lost, waits }) => {
    const [spent, woken] = [milliseconds, wakes].map((values) => values.toSorted((a, b) => a - b)[1] ?? Number.NaN);
    const wait =
      waits && `, waits ${waits.least.toFixed(0)} to ${waits.most.toFixed(0)} ms, median ${waits.median.toFixed(0)}`;
    return row(
      `${samplesPerSecond} samples a second, ${agent}: ${woken?.toFixed(0)} wake-ups a second, ${lost} lost${wait ?? ""}`,
      `${spent?.toFixed(2)} ms/s`,
    );
  });

const growthRows = ({ growth: { samples, interfaces, collectors, containers }, manyContainers }: Results): string[] => {
  const span = ({ points }: Curve): string => points.map(({ work }) => work.toLocaleString("en")).join(", ");
  const exponent = (curve: Curve): string => `exponent ${curve.exponent.toFixed(2)}`;
  return [
    row(`growth with samples a second: ${span(samples)}`, exponent(samples)),
    row(`growth with interfaces polled every second: ${span(interfaces)}`, exponent(interfaces)),
    ...interfaces.points.map(({ work, cost }) =>
      row(`  processor, ${work} interfaces`, `${(cost / 10_000).toFixed(2)} %`),
    ),
    row("  calls of read a second, most interfaces", interfaces.readsPerSecond.toFixed(0)),
    row(`growth with collectors: ${span(collectors)}`, exponent(collectors)),
    row(`growth with containers, a polling round: ${span(containers)}`, exponent(containers)),
    ...(manyContainers === undefined ? [] : [manyContainers]).flatMap((curve) => [
      row(`  in a run with --many: ${span(curve)}`, exponent(curve)),
      ...curve.points.map(({ work, cost }) => row(`    ${work} containers`, `${cost.toFixed(2)} ms`)),
    ]),
  ];
};

const accuracyRows = ({ gaps, totals }: Results["accuracy"]): string[] => [
  ...gaps.map(({ engine, sampling, chiSquare, degrees, probability }) =>
    row(
      `gaps of ${engine} 1-in-${sampling}: chi-square ${chiSquare.toFixed(1)}, ${degrees} degrees`,
      `p = ${probability.toFixed(3)}`,
    ),
  ),
  ...totals.map(({ sampling, samples, errorPercent, expectedPercent }) =>
    row(
      `totals of ${samples} samples 1-in-${sampling}: off by (theory: within ${percent(expectedPercent)})`,
      percent(errorPercent),
    ),
  ),
];

export function printTable(results: Results): void {
  const { profile, withDocker, passing, accuracy } = results;
  const { machine, plainSendtoMicroseconds, pollMicroseconds, startMilliseconds, idle, sampling, tcp, docker, micro } =
    results;
  const lines = [
    `${machine.cores} x ${machine.processor}, Linux ${machine.kernel}, Node ${machine.node}`,
    row("load average when the run began", machine.loadAverage.toFixed(1)),
    row("one plain 1,350-byte UDP sendto, user + system", `${plainSendtoMicroseconds.toFixed(2)} us`),
    ...sampling.flatMap((result) => [
      row(
        `a sampled packet at ${result.packetsPerSecond / 1000} kpps 1-in-1, socket to collector`,
        `${result.microsecondsPerSample.toFixed(2)} us`,
      ),
      row(`  lost of ${result.offered}`, `${result.lost}`),
    ]),
    ...profile.map(({ frame, percent: part }) => row(`  main thread at 100 kpps: ${frame}`, percent(part))),
    row("a poll of the host and 100 interfaces, netlink left out", `${(pollMicroseconds / 1000).toFixed(2)} ms`),
    row("a sample with tcp { } on 4 iperf3 streams, 1-in-1", `${tcp.microsecondsPerSample.toFixed(2)} us`),
    row("  without tcp { }", `${tcp.microsecondsPerBareSample.toFixed(2)} us`),
    row(`  annotated of ${tcp.samples}`, `${tcp.annotatedPercent.toFixed(2)} %`),
    row(
      `a polling round of docker { } with ${docker.containers} containers`,
      `${docker.roundMilliseconds.toFixed(2)} ms`,
    ),
    row("  start of a container to its datagram, median", `${docker.eventMilliseconds.p50.toFixed(1)} ms`),
    row("  99 % of them", `${docker.eventMilliseconds.p99.toFixed(1)} ms`),
    row("  memory: resident", `${docker.memory.residentMegabytes.toFixed(1)} MB`),
    row("  memory: anonymous", `${docker.memory.anonymousMegabytes.toFixed(1)} MB`),
    row("processor, idle, polling every second", `${idle.cpuPercent.toFixed(2)} %`),
    row("memory, idle: resident", `${idle.memory.residentMegabytes.toFixed(1)} MB`),
    row("memory, idle: anonymous", `${idle.memory.anonymousMegabytes.toFixed(1)} MB`),
    row("memory with docker { }: resident", `${withDocker.residentMegabytes.toFixed(1)} MB`),
    row("memory with docker { }: anonymous", `${withDocker.anonymousMegabytes.toFixed(1)} MB`),
    row("from exec to the first datagram", `${startMilliseconds.toFixed(0)} ms`),
    ...passingRows(passing),
    ...unsampledRows(results),
    ...lowRateRows(results),
    ...growthRows(results),
    ...accuracyRows(accuracy),
    ...micro.map(({ name, nanosecondsPerOp }) => row(name, `${nanosecondsPerOp.toFixed(0)} ns`)),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
