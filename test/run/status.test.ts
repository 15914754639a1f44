// The counters that SIGUSR1 writes to the log.

import { expect, it } from "vitest";
import type { AgentStatus } from "../../agent/report/agent-status.ts";
import { counterLines } from "../../agent/run/status.ts";
import { zeroCounters } from "../../agent/sflow/counters.ts";

const status = (counters: Record<string, number>): AgentStatus => ({
  agentAddress: undefined,
  subAgentId: 0,
  counters: { ...zeroCounters(), datagrams: 12, bytes: 9000 },
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
  const [agent, pcap, ...collector] = counterLines(status(Object.fromEntries(names.map((name, i) => [name, i]))));
  expect(agent).toMatch(/^agent: flowSamples=0 .*datagrams=12 bytes=9000$/);
  expect(pcap).toBe("pcap: taps=1 drops=2");
  expect(collector.length).toBeGreaterThan(2);
  for (const line of collector) expect(line.length).toBeLessThan(1000);
  const said = collector.map((line) => line.replace(/^collector: /, "")).join(" ");
  expect(said).toBe(names.map((name, i) => `${name}=${i}`).join(" "));
});

it("writes nothing before the agent runs", () => {
  expect(counterLines(undefined)).toEqual([]);
});
