// What a block is given, without a kernel or a network: every member of Context is real, or a fake that keeps what it
// is given. See agent/modules/module.ts.

import { OwnTraffic } from "../../agent/capture/own-traffic.ts";
import { Pipeline } from "../../agent/flow/pipeline.ts";
import { zeroStatistics } from "../../agent/interfaces/source.ts";
import type { Context } from "../../agent/modules/module.ts";
import type { AgentStatus } from "../../agent/report/agent-status.ts";
import type { Found } from "../../agent/report/found.ts";
import type { Settings } from "../../agent/settings/settings.ts";
import type { Collector } from "../../agent/sflow/collector.ts";
import { zeroCounters } from "../../agent/sflow/counters.ts";
import type { Collectors } from "../../agent/sflow/receiver.ts";
import { WorkloadRegistry } from "../../agent/workloads/registry.ts";
import { type FakeAgent, makeFakeAgent } from "./agent.ts";
import { type FakeHost, makeFakeHost } from "./host.ts";
import { FakeInterfaces } from "./interfaces.ts";
import { type KeptLog, makeLog } from "./log.ts";

export interface FakeCollectors extends Collectors {
  /** Those that were added and not taken out. */
  readonly joined: ReadonlySet<Collector>;
}

/** The members that a test does not replace. `capture` is absent: the kernel's engines take the packets. */
export interface FakeContext extends Context {
  readonly host: FakeHost;
  readonly agent: FakeAgent;
  readonly collectors: FakeCollectors;
  /** Throws the error of an annotator. */
  readonly flows: Pipeline;
  readonly interfaces: FakeInterfaces;
  readonly settings: FakeSettings;
  readonly log: KeptLog;
  /** What the block has laid over the file, each time; every setting is accepted. */
  readonly found: (Found | undefined)[];
  readonly status: () => AgentStatus;
}

/** Settings that a test changes as a reload does. */
export type FakeSettings = { -readonly [K in keyof Settings]: Settings[K] };

export const UUID = Uint8Array.from({ length: 16 }, (_, i) => 0xa0 + i);

/** Samples 1-in-1000 at 1 Gb/s, at least 1-in-100, and no interface that is down. */
export const makeFakeSettings = (more: Partial<Settings> = {}): FakeSettings => ({
  polling: 30,
  headerBytes: 128,
  datagramBytes: 1400,
  subAgentId: 100_000,
  samplingLimit: 0,
  uuid: UUID,
  samplingRate: ({ adminUp, speed }) => ({ rate: adminUp ? Math.max(100, speed / 1e6) : 0, why: "by speed" }),
  application: () => ({ sampling: 400, polling: 30 }),
  ...more,
});

function makeFakeCollectors(): FakeCollectors {
  const joined = new Set<Collector>();
  return {
    joined,
    add(collector) {
      joined.add(collector);
      return () => void joined.delete(collector);
    },
  };
}

const STATUS: AgentStatus = {
  agentAddress: { address: "192.0.2.1", device: "eth0" },
  subAgentId: 100_000,
  counters: { ...zeroCounters(), datagrams: 0, bytes: 0 },
  interfaces: { ...zeroStatistics() },
  flow: {},
  suppressed: false,
  failures: {},
  modules: [],
  found: {},
};

/** Members of `given` take the place of the fakes. Flows run on the clock of the host that is given. */
export function makeFakeContext<Given extends Partial<Context>>(
  given: Given = {} as Given,
): Omit<FakeContext, keyof Given> & Given {
  const host = makeFakeHost();
  const found: (Found | undefined)[] = [];
  const agent = makeFakeAgent();
  const flows = new Pipeline((given.host ?? host).clock, (error) => {
    throw error;
  });
  const interfaces = new FakeInterfaces();
  const fakes: FakeContext = {
    host,
    agent,
    collectors: makeFakeCollectors(),
    flows,
    interfaces,
    workloads: new WorkloadRegistry({ host, agent, flows, interfaces, ...given }),
    ownTraffic: new OwnTraffic(),
    settings: makeFakeSettings(),
    log: makeLog(),
    layOver(what) {
      found.push(what);
      return [];
    },
    found,
    status: () => STATUS,
    wholeStatus: async () => STATUS,
  };
  return { ...fakes, ...given };
}
