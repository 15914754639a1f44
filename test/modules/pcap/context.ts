// The context of pcap { } in tests: a capture engine that the test controls, and the resulting samples and messages.

import type { CapturedPackets, CaptureEngine, Tap, TapOptions } from "../../../agent/capture/engine.ts";
import type { Logger } from "../../../agent/log/logger.ts";
import { makeFakeContext, makeFakeSettings } from "../../fakes/context.ts";
import type { FakeInterfaces } from "../../fakes/interfaces.ts";
import { makeLog } from "../../fakes/log.ts";

export interface FakeTap extends Tap {
  readonly options: TapOptions;
  readonly closed: boolean;
  deliver(packets: CapturedPackets): void;
  end(reason: string): void;
}

export class FakeEngine implements CaptureEngine {
  readonly name = "fake";
  readonly taps: FakeTap[] = [];
  /** Error that the next `open` throws. */
  obstacle: Error | undefined;

  /** Returns the tap of interface `index` that was opened last. */
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
      bufferBytes: 65_536,
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

export function surroundings(interfaces: FakeInterfaces) {
  const engine = new FakeEngine();
  const said: string[] = [];
  const settings = makeFakeSettings();
  const context = makeFakeContext({ interfaces, settings, log: quietLog(said), capture: engine });
  const { clock } = context.host;
  return { clock, engine, said, written: context.agent.written, settings, context };
}

/** Keeps messages without a name in front, except debug messages. */
function quietLog(said: string[]): Logger {
  const log: Logger = { ...makeLog(said), debug: () => undefined, child: () => log };
  return log;
}
