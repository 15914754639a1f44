// docker { }: containers followed by events, their counters read from control groups and network namespaces. See
// README.md beside.

import { HOST } from "../../sflow/data-source.ts";
import { addVirtNode } from "../../workloads/host-facts.ts";
import { type MarkCounters, makeMarks } from "../../workloads/traffic-marks.ts";
import type { Context, Running } from "../module.ts";
import { assemble } from "./assemble.ts";
import type { DockerConfig } from "./config.ts";
import { makeEngine } from "./engine.ts";
import { type Following, follow } from "./follow.ts";

export function create(config: DockerConfig, context: Context): Running {
  const { host, agent, flows, log } = context;
  const bad = { malformed: 0 };
  const marks: MarkCounters = { samples: 0, marked: 0 };
  const engine = makeEngine(config.socket, host.clock, (what) => {
    bad.malformed++;
    log.debug(1, () => `not understood: ${what.slice(0, 200)}`);
  });
  const { containers, stations, close } = assemble(config, engine, context);
  let following: Following | undefined;
  const ends: (() => void)[] = [];
  return {
    start() {
      ends.push(
        agent.poller(HOST).contribute((into) => addVirtNode(into, host, containers.running)),
        flows.annotate(makeMarks(stations, config.markTraffic, marks)),
      );
      following = follow(engine, host.clock, containers, log);
    },
    stop() {
      following?.stop();
      for (const end of ends.splice(0)) end();
      containers.stop();
      close();
    },
    report: () => ({ obstacle: following?.obstacle }),
    counters: () => ({ running: containers.running, ...containers.counters, ...following?.counters, ...marks, ...bad }),
  };
}
