// pcap { } at work: taps on the interfaces that its blocks choose.

import { chooseEngine, type EngineChoice } from "../../capture/choose.ts";
import type { CaptureEngine } from "../../capture/engine.ts";
import type { Pace } from "../../capture/pace.ts";
import { finish, type Steps } from "../../config/steps.ts";
import type { Report } from "../../report/report.ts";
import type { Context, Running } from "../module.ts";
import type { PcapConfig } from "./config.ts";
import { plannedTaps } from "./report.ts";
import { Taps } from "./taps.ts";

export const taps = plannedTaps;

export function create(blocks: readonly PcapConfig[], context: Context): Running<readonly PcapConfig[]> {
  const engines = new Map<EngineChoice, CaptureEngine>();
  const running = new Taps(blocks, context, ({ engine }) => engines.get(engine) as CaptureEngine);
  const loadEngines = async (wanted: readonly PcapConfig[]): Promise<void> => {
    for (const { engine } of wanted) {
      if (!engines.has(engine)) engines.set(engine, context.capture ?? (await engineFor(engine, context)));
    }
  };
  function* reporting(): Steps<Report> {
    return { taps: yield* running.reporting() };
  }
  return {
    async start() {
      await loadEngines(blocks);
      running.start();
    },
    async reconfigure(next) {
      await loadEngines(next);
      await running.reconfigure(next);
    },
    restore: () => running.restore(),
    stop: () => running.stop(),
    counters: () => ({ ...running.counters, bufferBytes: running.bufferBytes }),
    report: () => finish(reporting()),
    reporting,
  };
}

/** Returns the engine. If there is none, each attempt to open a tap throws the reason, and the agent continues. */
async function engineFor(choice: EngineChoice, context: Context): Promise<CaptureEngine> {
  const { host, log, ownTraffic, flows, agent } = context;
  const pace: Pace = {
    get isUrgent() {
      return flows.isUrgent;
    },
    round: (read) => agent.collect(read),
  };
  try {
    return await chooseEngine(choice, host, log, ownTraffic, pace);
  } catch (error) {
    const open = (): never => {
      throw error;
    };
    return { name: "none", open };
  }
}
