// `hsflowd demo`: runs the agent with a collector in the same process, and prints the samples that it decodes.

import { resolve } from "node:path";
import { makeReplayEngine } from "../capture/replay.ts";
import type { Host } from "../host/host.ts";
import { hostUuid } from "../host/identity.ts";
import { makeLogger, type Sink } from "../log/make-logger.ts";
import { messageOf } from "../log/message-of.ts";
import { modules } from "../modules/index.ts";
import { type Configuration, readConfiguration } from "../run/configuration.ts";
import { HostAgent } from "../run/run.ts";
import { decodeDatagram } from "../sflow/decode.ts";
import { joinTexts, linesText, type Printable } from "../text/printable.ts";
import { wrapText } from "../text/wrap.ts";
import { aborted, type DecodeIo } from "./decode.ts";
import { CalmWatch } from "./demo/calm.ts";
import { type Demonstration, demoConfiguration } from "./demo/configuration.ts";
import { farewell, greeting } from "./demo/greeting.ts";
import {
  busyInterfaces,
  indexOf,
  packetsSoFar,
  type SampledInterface,
  samplingFor,
  whyNotSampled,
} from "./demo/interfaces.ts";
import { makePaint } from "./demo/paint.ts";
import { whyNoPackets } from "./demo/permission.ts";
import { Tally } from "./demo/tally.ts";
import { View } from "./demo/view.ts";

export interface DemoOptions {
  /** Path of a pcap file to take packets from, instead of the interfaces. */
  readonly replay: string | undefined;
  /** The only interface to sample; undefined for those that carry packets. */
  readonly interface: string | undefined;
  /** Ends after one round of counters. */
  readonly once: boolean;
}

export interface DemoIo extends Pick<DecodeIo, "complain" | "listen" | "stop"> {
  out(text: Printable): void;
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

const LINE_END = linesText([""]);
const POLLING_SECONDS = 5;
const PACKETS_PER_SECOND = 20;
/** Most samples a second of an interface. The collector in this process keeps up with many more. */
const SAMPLES_PER_SECOND = 100;
const MEASURE_MILLISECONDS = 100;
/** After this time, each source was polled twice. */
const ONCE_MILLISECONDS = (POLLING_SECONDS + 1) * 1000;

/** Runs until `io.stop` is aborted, or for one round of counters. Returns the exit code. */
export async function demo(options: DemoOptions, host: Host, io: DemoIo): Promise<number> {
  const file = options.replay === undefined ? undefined : resolve(options.replay);
  const wrong = options.interface === undefined ? undefined : whyNotSampled(host, options.interface);
  if (wrong !== undefined) {
    io.complain(linesText([`hsflowd: ${wrong}`]));
    return 1;
  }
  const print = (lines: readonly string[]) => io.out(linesText(lines.flatMap((line) => wrapText(line, io.width))));
  const show = (lines: readonly Printable[]) => io.out(joinTexts(...lines.flatMap((line) => [line, LINE_END])));
  const tally = new Tally();
  const collector = await io.listen("127.0.0.1", 0, (bytes) => {
    const { datagram } = decodeDatagram(bytes);
    if (datagram === undefined) return;
    tally.add(datagram);
    show(view.lines(datagram, Date.now()));
  });
  const names = options.interface === undefined ? busyInterfaces(host) : [options.interface];
  const view = new View({
    paint: makePaint(io.colour),
    ownPort: collector.port,
    packetsPerSecond: PACKETS_PER_SECOND,
    width: io.width,
    interfaces: new Map(names.map((name) => [indexOf(host, name), name])),
    now: Date.now(),
  });
  const obstacle = file === undefined ? whyNoPackets(host) : undefined;
  const interfaces = file !== undefined ? [REPLAYED] : obstacle !== undefined ? [] : await measure(host, names);
  const about = { polling: POLLING_SECONDS, limit: SAMPLES_PER_SECOND, interfaces };
  print(greeting({ ...about, packets: file ?? interfaces, obstacle, once: options.once }));
  const { agent, configuration } = await startAgent(host, io, { ...about, port: collector.port }, file);
  const calm = new CalmWatch(host, SAMPLES_PER_SECOND / 2);
  const restoreRates = () =>
    agent.reconfigure(configuration).catch((error) => io.complain(linesText([messageOf(error)])));
  const timer = host.clock.every(POLLING_SECONDS * 1000, () => {
    show(view.talkers(Date.now()));
    if (calm.isOver(agent.status(), POLLING_SECONDS)) void restoreRates();
  });
  await endOf(options, host, io);
  timer.cancel();
  await agent.stop();
  await collector.close();
  print([""]);
  show(view.talkers(Date.now()));
  print(farewell(tally));
  return 0;
}

function endOf({ once }: DemoOptions, { clock }: Host, { stop }: DemoIo): Promise<void> {
  if (!once) return aborted(stop);
  return Promise.race([aborted(stop), new Promise<void>((done) => clock.after(ONCE_MILLISECONDS, done))]);
}

/** Packets of a replayed file are sampled as if they were packets of lo. */
const REPLAYED: SampledInterface = { name: "lo", sampling: 1 };

/**
 * Chooses the sampling rates by the packets of a tenth of a second: a longer measurement would delay the first lines.
 */
async function measure(host: Host, names: readonly string[]): Promise<SampledInterface[]> {
  const before = names.map((name) => packetsSoFar(host, name));
  await new Promise<void>((done) => host.clock.after(MEASURE_MILLISECONDS, done));
  return names.map((name, i) => {
    const packets = packetsSoFar(host, name) - (before[i] ?? 0);
    return { name, sampling: samplingFor((packets * 1000) / MEASURE_MILLISECONDS) };
  });
}

/**
 * Starts the agent, which does not write hsflowd.auto. Prints only warnings and errors of its log. The view shows
 * reduced sampling rates.
 */
async function startAgent(
  host: Host,
  { complain, width }: DemoIo,
  about: Demonstration,
  replay: string | undefined,
): Promise<{ agent: HostAgent; configuration: Configuration }> {
  const { configuration } = readConfiguration(demoConfiguration(about), modules);
  if (configuration === undefined) throw new Error("the configuration of the demo is invalid");
  const sink: Sink = (severity, line) => {
    const isShown = line.endsWith("(sampling.limit)");
    if (!isShown && (severity === "error" || severity === "warning")) complain(linesText(wrapText(line, width)));
  };
  const log = makeLogger(sink, () => 0);
  const uuid = hostUuid(host.files, { uuid: undefined, machineId: undefined }, log);
  const terms = replay === undefined ? {} : { capture: makeReplayEngine(host, replay, log) };
  const agent = new HostAgent(host, configuration, { uuid, outputFile: undefined, ...terms }, log);
  await agent.start();
  return { agent, configuration };
}
