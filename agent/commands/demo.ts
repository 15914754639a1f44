// `hsflowd demo`: runs the agent with a collector in the same process, and prints the samples that it decodes.

import { resolve } from "node:path";
import { makeReplayEngine } from "../capture/replay.ts";
import type { Host } from "../host/host.ts";
import { hostUuid } from "../host/identity.ts";
import { makeLogger, type Sink } from "../log/make-logger.ts";
import { modules } from "../modules/index.ts";
import { readConfiguration } from "../run/configuration.ts";
import { HostAgent } from "../run/run.ts";
import { decodeDatagram } from "../sflow/decode.ts";
import { joinTexts, linesText, type Printable } from "../text/printable.ts";
import { aborted, type DecodeIo } from "./decode.ts";
import { type Demonstration, demoConfiguration } from "./demo/configuration.ts";
import { greeting, type Summary, summaryLine } from "./demo/greeting.ts";
import { interfacesToSample, packetsSoFar, type SampledInterface, samplingFor } from "./demo/interfaces.ts";
import { makePaint } from "./demo/paint.ts";
import { whyNoPackets } from "./demo/permission.ts";
import { View } from "./demo/view.ts";

export interface DemoOptions {
  /** Path of a pcap file to take packets from, instead of the interfaces. */
  readonly replay: string | undefined;
}

export interface DemoIo extends Pick<DecodeIo, "complain" | "listen" | "stop"> {
  out(text: Printable): void;
  readonly colour: boolean;
}

const LINE_END = linesText([""]);
const POLLING_SECONDS = 5;
const PACKETS_PER_SECOND = 20;
const MEASURE_MILLISECONDS = 100;

/** Runs until `io.stop` is aborted. Returns the exit code. */
export async function demo({ replay }: DemoOptions, host: Host, io: DemoIo): Promise<number> {
  const print = (lines: readonly string[]) => io.out(linesText(lines));
  const paint = makePaint(io.colour);
  const summary: Summary = { datagrams: 0, samples: 0 };
  const collector = await io.listen("127.0.0.1", 0, (bytes) => {
    const { datagram } = decodeDatagram(bytes);
    if (datagram === undefined) return;
    summary.datagrams++;
    summary.samples += datagram.samples.length;
    for (const line of view.lines(datagram, Date.now())) io.out(joinTexts(line, LINE_END));
  });
  const view = new View({ paint, ownPort: collector.port, packetsPerSecond: PACKETS_PER_SECOND });
  const file = replay === undefined ? undefined : resolve(replay);
  const obstacle = file === undefined ? whyNoPackets(host) : undefined;
  const interfaces = await chooseInterfaces(host, file !== undefined, obstacle !== undefined);
  print(greeting(file ?? interfaces, POLLING_SECONDS, obstacle));
  const about = { port: collector.port, polling: POLLING_SECONDS, interfaces };
  const running = await startAgent(host, io, about, file);
  await aborted(io.stop);
  await running.stop();
  await collector.close();
  print(["", summaryLine(summary)]);
  return 0;
}

/**
 * Chooses the sampling rates by the packets of a tenth of a second: a longer measurement would delay the first lines.
 * Packets of a replayed file are sampled as if they were packets of lo.
 */
async function chooseInterfaces(host: Host, isFile: boolean, isForbidden: boolean): Promise<SampledInterface[]> {
  if (isFile) return [{ name: "lo", sampling: 1 }];
  if (isForbidden) return [];
  const names = interfacesToSample(host);
  const before = names.map((name) => packetsSoFar(host, name));
  await new Promise<void>((done) => host.clock.after(MEASURE_MILLISECONDS, done));
  return names.map((name, i) => {
    const packets = packetsSoFar(host, name) - (before[i] ?? 0);
    return { name, sampling: samplingFor((packets * 1000) / MEASURE_MILLISECONDS) };
  });
}

/** Starts the agent. Prints only warnings and errors of its log, and does not write hsflowd.auto. */
async function startAgent(
  host: Host,
  { complain }: DemoIo,
  about: Demonstration,
  replay: string | undefined,
): Promise<HostAgent> {
  const { configuration } = readConfiguration(demoConfiguration(about), modules);
  if (configuration === undefined) throw new Error("the configuration of the demo is invalid");
  const sink: Sink = (severity, line) => {
    if (severity === "error" || severity === "warning") complain(linesText([line]));
  };
  const log = makeLogger(sink, () => 0);
  const uuid = hostUuid(host.files, { uuid: undefined, machineId: undefined }, log);
  const terms = replay === undefined ? {} : { capture: makeReplayEngine(host, replay, log) };
  const agent = new HostAgent(host, configuration, { uuid, outputFile: undefined, ...terms }, log);
  await agent.start();
  return agent;
}
