// Missing datagrams of each agent, with more agents than are kept.

import { expect, it } from "vitest";
import { AgentTable } from "../../../agent/commands/decode/agent-table.ts";
import { Session } from "../../../agent/commands/decode/session.ts";
import type { Datagram } from "../../../agent/sflow/decode/values.ts";
import { datagram, u32 } from "../../sflow/build.ts";

const agentAddress = Uint8Array.of(192, 0, 2, 1);
const from = (subAgentId: number, sequenceNumber: number): Datagram =>
  ({ agentAddress, subAgentId, sequenceNumber, uptime: 1000, samples: [] }) as unknown as Datagram;

it("counts the missing datagrams of each agent apart, less those that are late", () => {
  const agents = new AgentTable();
  for (const [agent, sequence] of [
    [1, 1],
    [2, 7],
    [1, 5],
    [2, 8],
    [1, 3],
  ] as const)
    agents.count(from(agent, sequence));
  expect(agents.lossy()).toEqual([{ agent: "192.0.2.1/1", missing: 2 }]);
  expect(agents.forgotten).toEqual({ agents: 0, missing: 0 });
});

it("keeps an agent that sends again and again through a flood of others, which it forgets", () => {
  const agents = new AgentTable();
  agents.count(from(0, 1));
  agents.count(from(0, 3));
  for (let i = 1; i <= 20_000; i++) agents.count(from(i, 1));
  agents.count(from(0, 5));
  expect(agents.lossy()).toEqual([{ agent: "192.0.2.1/0", missing: 2 }]);
  expect(agents.forgotten.agents).toBe(20_000 - 4096);
});

it("counts the missing datagrams of agents that it forgets", () => {
  const agents = new AgentTable();
  for (let i = 0; i < 5000; i++) for (const sequence of [1, 3]) agents.count(from(i, sequence));
  expect(agents.forgotten).toEqual({ agents: 5000 - 4096, missing: 5000 - 4096 });
  expect(agents.lossy().length).toBe(4096);
});

it("is said at the end of a run", () => {
  const errors: string[] = [];
  const output = { out: () => undefined, complain: (text: string) => void errors.push(text) };
  const session = new Session({ format: "text", names: false }, output);
  const origin = { source: "192.0.2.1", seconds: 1, microseconds: 2 };
  for (let i = 0; i < 4100; i++) session.take(datagram([], { agent: u32(1, i) }), origin);
  expect(session.finish("nothing")).toBe(0);
  expect(errors).toEqual(["4 agents were forgotten, because too many sent datagrams\n"]);
});
