// The figures side by side, for a terminal.

import type { Results } from "./main.ts";

const row = (what: string, value: string) => `  ${what.padEnd(58)} ${value.padStart(12)}`;

export function printTable(results: Results): void {
  const { machine, plainSendtoMicroseconds, pollMicroseconds, startMilliseconds, idle, sampling, tcp, docker, micro } =
    results;
  const lines = [
    `${machine.cores} x ${machine.processor}, Linux ${machine.kernel}, Node ${machine.node}`,
    row("one plain 1,350-byte UDP sendto, user + system", `${plainSendtoMicroseconds.toFixed(2)} us`),
    ...sampling.flatMap((result) => [
      row(
        `a sampled packet at ${result.packetsPerSecond / 1000} kpps 1-in-1, socket to collector`,
        `${result.microsecondsPerSample.toFixed(2)} us`,
      ),
      row(`  lost of ${result.offered}`, `${result.lost}`),
    ]),
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
    row("from exec to the first datagram", `${startMilliseconds.toFixed(0)} ms`),
    ...micro.map(({ name, nanosecondsPerOp }) => row(name, `${nanosecondsPerOp.toFixed(0)} ns`)),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
