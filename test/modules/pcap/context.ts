// A module's surroundings without a kernel: an engine that does what a test says, and logs and samples to look at.

import type { CapturedPackets, CaptureEngine, Tap, TapOptions } from "../../../agent/capture/engine.ts";
import { Pipeline } from "../../../agent/flow/pipeline.ts";
import type { Host } from "../../../agent/host/host.ts";
import type { Logger } from "../../../agent/log/logger.ts";
import type { Context } from "../../../agent/modules/module.ts";
import type { Sampler, SflowAgent } from "../../../agent/sflow/agent.ts";
import type { SampledPackets } from "../../../agent/sflow/sampled-packets.ts";
import { makeFakeClock } from "../../fakes/clock.ts";
import type { FakeInterfaces } from "./adaptors.ts";

export interface FakeTap extends Tap {
  readonly options: TapOptions;
  readonly closed: boolean;
  deliver(packets: CapturedPackets): void;
  end(reason: string): void;
}

export class FakeEngine implements CaptureEngine {
  readonly name = "fake";
  readonly taps: FakeTap[] = [];
  /** Thrown at the next `open`. */
  obstacle: Error | undefined;

  /** Of interface `index`, opened last. */
  at(index: number): FakeTap {
    return this.taps.findLast((tap) => tap.options.index === index) as FakeTap;
  }

  get open_(): string[] {
    return this.taps.filter((tap) => !tap.closed).map((tap) => `${tap.options.name} 1-in-${tap.options.samplingRate}`);
  }

  open(asked: TapOptions, onPackets: (packets: CapturedPackets) => void, onEnd: (reason: string) => void): Tap {
    if (this.obstacle !== undefined) throw this.obstacle;
    let options = asked;
    let closed = false;
    const tap: FakeTap = {
      get options() {
        return options;
      },
      get closed() {
        return closed;
      },
      counters: { packets: 0, drops: 0, batches: 0 },
      setSamplingRate: (samplingRate) => {
        options = { ...options, samplingRate };
      },
      setHeaderBytes: (headerBytes) => {
        options = { ...options, headerBytes };
      },
      close: () => {
        closed = true;
      },
      deliver: onPackets,
      end: onEnd,
    };
    this.taps.push(tap);
    return tap;
  }
}

export interface Written {
  readonly source: string;
  readonly count: number;
  readonly samplingRate: number;
  readonly drops: number;
  readonly ports: readonly (readonly [number | undefined, number | undefined])[];
}

export function surroundings(interfaces: FakeInterfaces) {
  const clock = makeFakeClock();
  const engine = new FakeEngine();
  const said: string[] = [];
  const written: Written[] = [];
  const settings = {
    polling: 30,
    headerBytes: 128,
    datagramBytes: 1400,
    subAgentId: 0,
    samplingLimit: 0,
    uuid: new Uint8Array(16),
    samplingRate: ({ adminUp, speed }: { adminUp: boolean; speed: number }) => ({
      rate: adminUp ? Math.max(100, speed / 1e6) : 0,
      why: "by speed",
    }),
  };
  const context: Context = {
    host: { clock } as unknown as Host,
    agent: { sampler: (source) => makeSampler(source, written) } as SflowAgent,
    collectors: { add: () => () => undefined },
    flows: new Pipeline(clock, (error) => {
      throw error;
    }),
    interfaces,
    settings,
    log: makeLog(said),
    layOver: () => [],
    capture: engine,
  };
  return { clock, engine, said, written, settings, context };
}

function makeSampler(source: Sampler["source"], written: Written[]): Sampler {
  const write = ({ count, samplingRate, drops, input, output }: SampledPackets): void => {
    const ports = Array.from({ length: count }, (_, i) => [input[i], output[i]] as const);
    written.push({ source: `${source.class}:${source.index}`, count, samplingRate, drops, ports });
  };
  return { source, write };
}

function makeLog(said: string[]): Logger {
  const say =
    (level: string) =>
    (message: string | (() => string)): void => {
      said.push(`${level}: ${typeof message === "string" ? message : message()}`);
    };
  const log: Logger = {
    error: say("error"),
    warn: say("warn"),
    info: say("info"),
    debug: () => undefined,
    child: () => log,
  };
  return log;
}
