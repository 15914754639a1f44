// The status of the agent, and the counters that SIGUSR1 writes to the log.

import { expect, it } from "vitest";
import { Pipeline } from "../../agent/flow/pipeline.ts";
import { Faults } from "../../agent/host/faults.ts";
import { zeroStatistics } from "../../agent/interfaces/source.ts";
import type { AgentStatus } from "../../agent/report/agent-status.ts";
import { briefStatus, counterLines } from "../../agent/run/status.ts";
import { zeroCounters } from "../../agent/sflow/counters.ts";
import { makeFakeClock } from "../fakes/clock.ts";

const status = (counters: Record<string, number>): AgentStatus => ({
  agentAddress: undefined,
  subAgentId: 0,
  counters: { ...zeroCounters(), datagrams: 12, bytes: 9000 },
  interfaces: { notices: 3, reloads: 1 },
  flow: { batches: 4, packets: 50 },
  suppressed: false,
  failures: {},
  found: {},
  modules: [
    { name: "pcap", counters: { taps: 1, drops: 2 }, report: {} },
    { name: "quiet", counters: {}, report: {} },
    { name: "collector", counters, report: {} },
  ],
});

it("writes a line for each part that has counters, and splits lines too long for syslog", () => {
  const names = Array.from({ length: 100 }, (_, i) => `192.0.2.${i}:6343 datagrams`);
  const [agent, table, flow, pcap, ...collector] = counterLines(
    status(Object.fromEntries(names.map((name, i) => [name, i]))),
  );
  expect(agent).toMatch(/^agent: flowSamples=0 .*datagrams=12 bytes=9000$/);
  expect([table, flow]).toEqual(["interface table: notices=3 reloads=1", "flow: batches=4 packets=50"]);
  expect(pcap).toBe("pcap: taps=1 drops=2");
  expect(collector.length).toBeGreaterThan(2);
  for (const line of collector) expect(line.length).toBeLessThan(1000);
  const said = collector.map((line) => line.replace(/^collector: /, "")).join(" ");
  expect(said).toBe(names.map((name, i) => `${name}=${i}`).join(" "));
});

it("copies the counters, so that a status does not change later", () => {
  const flows = new Pipeline(makeFakeClock(), () => undefined);
  const interfaces = { statistics: { ...zeroStatistics(), notices: 7, added: 2 } };
  const faults = new Faults(() => 0);
  faults.note("EMFILE", "/proc/stat");
  const status = briefStatus({
    address: undefined,
    settings: { subAgentId: 0 },
    agent: { counters: zeroCounters() },
    receiver: { counters: { datagrams: 0, bytes: 0 }, suppressed: false },
    ...{ interfaces, flows, failures: new Map(), faults, found: {}, parts: [] },
  });
  const { interfaces: shown, flow, faults: noted } = status;
  faults.note("EMFILE", "/proc/stat");
  flows.counters.batches++;
  interfaces.statistics.notices++;
  expect(noted).toMatchObject([{ code: "EMFILE", count: 1, age: 0 }]);
  expect(shown).toMatchObject({ notices: 7, noticesLost: 0, added: 2, statsDumped: 0 });
  expect(flow).toEqual({ batches: 0, packets: 0, heldBatches: 0, heldPackets: 0, expired: 0, failures: 0 });
});

it("writes nothing before the agent runs", () => {
  expect(counterLines(undefined)).toEqual([]);
});
