// Runs psample { }: takes samples that the kernel or a switch chip has already drawn.

import type { Context, Running } from "../module.ts";
import { type Obstacle, PsampleChannel } from "./channel.ts";
import type { PsampleConfig } from "./config.ts";
import { SampledInterfaces } from "./sampled-interfaces.ts";
import { Samples } from "./samples.ts";

export function create(config: PsampleConfig, context: Context): Running<PsampleConfig> {
  const { host, flows, agent, interfaces, settings, log } = context;
  const stream = flows.stream(agent);
  const sampled = new SampledInterfaces(interfaces);
  const samples = new Samples(config, { interfaces, sampled, stream, settings });
  const counters = { overruns: 0 };
  let leave: (() => void) | undefined;

  function changed(now: Obstacle | undefined): void {
    samples.restart();
    if (now === undefined) log.info("listening to the psample channel of the kernel");
    else log.warn(`${now.obstacle}; ${now.remedy}`);
  }

  const channel = new PsampleChannel(
    host.sockets,
    host.clock,
    {
      onMessages: (messages) => {
        for (const message of messages) samples.take(message);
      },
      onLost: () => counters.overruns++,
      onRead: () => stream.flush(),
    },
    changed,
  );
  return {
    start() {
      leave = interfaces.onChange(({ kind, adaptor }) => {
        if (kind === "removed") sampled.forget(adaptor.index);
      });
      channel.open();
    },
    stop() {
      leave?.();
      channel.close();
      sampled.stop();
    },
    reconfigure: (next) => samples.configure(next),
    counters: () => ({ ...samples.counters, ...counters }),
    report: () => ({ taps: sampled.taps(), tables: [sampled.table()], ...channel.obstacle }),
  };
}
