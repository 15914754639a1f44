// pcap { } at work: taps on the interfaces that the blocks choose.

import { chooseEngine, type EngineChoice } from "../../capture/choose.ts";
import type { CaptureEngine } from "../../capture/engine.ts";
import type { Context, Running } from "../module.ts";
import type { PcapConfig } from "./config.ts";
import { Taps } from "./taps.ts";

export function create(blocks: readonly PcapConfig[], context: Context): Running {
  const engines = new Map<EngineChoice, CaptureEngine>();
  const taps = new Taps(blocks, context, ({ engine }) => engines.get(engine) as CaptureEngine);
  return {
    async start() {
      for (const choice of new Set(blocks.map((block) => block.engine))) {
        engines.set(choice, context.capture ?? (await engineFor(choice, context)));
      }
      taps.start();
    },
    stop: () => taps.stop(),
    counters: () => ({ ...taps.counters }),
  };
}

/** Where there is none, each tap says why, and the agent goes on. */
async function engineFor(choice: EngineChoice, { host, log }: Context): Promise<CaptureEngine> {
  try {
    return await chooseEngine(choice, host, log);
  } catch (error) {
    const open = (): never => {
      throw error;
    };
    return { name: "none", open };
  }
}
