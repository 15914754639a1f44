// sampling.limit under ten times the packets that it allows: fewer samples, and totals that are still right.

import { expect } from "vitest";
import type { Status } from "../../agent/report/agent-status.ts";
import type { Agent } from "./agent.ts";
import { tryRun, until } from "./command.ts";
import { expectEnd } from "./expect-end.ts";
import { test } from "./fixture.ts";
import { flood, frameLength } from "./flood.ts";
import { connect, counted, nobody } from "./namespaces.ts";
import type { Receiver } from "./receiver.ts";
import type { Flow } from "./walk.ts";

const SAMPLING = 2;
const LIMIT = 5000;
const PER_SECOND = 100_000;
const PACKETS = 400_000;
const SIZE = 200;
const SAMPLED_HEADER = 1;

const hsflowd = ({ controlSocket }: Agent, ...words: string[]) =>
  tryRun(process.execPath, "dist/hsflowd.js", ...words, `--control-socket=${controlSocket}`);
const tapOf = (agent: Agent) => {
  const status: Status = JSON.parse(hsflowd(agent, "status", "--format=json").stdout);
  return status.modules.flatMap(({ report }) => report.taps ?? []).find((tap) => tap.interface === "eth0");
};
const flowsAt = (receiver: Receiver): Flow[] => receiver.datagrams().flatMap(({ flows }) => flows);
const framesOf = ({ records }: Flow): number => records.get(SAMPLED_HEADER)?.readUInt32BE(4) ?? 0;

/** Waits until every sample that the agent took has arrived. */
const allSamples = (agent: Agent, receiver: Receiver) =>
  until(
    "the last sample",
    () => {
      const flows = flowsAt(receiver);
      return flows.length > 0 && flows.length === tapOf(agent)?.packets && flows;
    },
    { evidence: agent.stderr },
  );

test("totals stay within 5 % of the interface counters while the rate is doubled", async ({
  lab,
  startAgent,
  startReceiver,
}) => {
  const [host, far] = [lab.namespace(), lab.namespace()];
  const receiver = await startReceiver(host);
  const [near, peer] = connect("eth0", [host, "10.9.6.1"], [far, "10.9.6.2"]);
  const text = `sflow {
    agentIP = ${near.address}
    polling = 0
    collector { ip = 127.0.0.1 udpport = ${receiver.port} }
    sampling.limit = ${LIMIT}
    pcap { dev = eth0 sampling = ${SAMPLING} }
  }`;
  const agent = startAgent(host, text);
  await agent.taps(near.index);
  const before = counted(host, "eth0").rx;
  await flood(far, { to: nobody(peer.address), packets: PACKETS, size: SIZE, perSecond: PER_SECOND });
  const flows = await allSamples(agent, receiver);
  const passed = counted(host, "eth0").rx.packets - before.packets;
  const bytes = counted(host, "eth0").rx.bytes - before.bytes + 4 * passed;

  const rates = flows.map(({ rate }) => rate);
  const doublings = Math.log2((rates.at(-1) ?? 0) / SAMPLING);
  expect(passed).toBeGreaterThanOrEqual(PACKETS);
  expect(doublings).toBeGreaterThanOrEqual(1);
  expect(rates).toEqual(rates.toSorted((a, b) => a - b));
  expect(new Set(rates).size).toBe(doublings + 1);

  // Lost samples count at the rate at which they were lost, as in the pool.
  const last = flows.at(-1);
  const scaled = rates.reduce((sum, rate) => sum + rate, 0);
  const octets = flows.reduce((sum, flow) => sum + flow.rate * framesOf(flow), 0);
  if (last?.drops === 0) expect(last.pool).toBe(scaled);
  // Even if all samples were drawn 1-in-64, far too rarely, 5 % would still be four standard errors.
  expect(Math.abs((last?.pool ?? 0) / passed - 1)).toBeLessThan(0.05);
  expect(Math.abs((octets / scaled) * ((last?.pool ?? 0) / bytes) - 1)).toBeLessThan(0.05);
  expect(framesOf(flows[0] as Flow)).toBe(frameLength(SIZE));

  expect(tapOf(agent)).toMatchObject({ rate: SAMPLING, rateInForce: rates.at(-1) });
  expect(hsflowd(agent, "status").stdout).toMatch(new RegExp(`^eth0 +1-in-${rates.at(-1)} .*sampling\\.limit`, "m"));
  expect(agent.stderr().match(/sampling\.limit/g)?.length).toBe(1);

  expect(hsflowd(agent, "reload").status).toBe(0);
  expect(tapOf(agent)).toMatchObject({ rate: SAMPLING, rateInForce: SAMPLING });
  await flood(far, { to: nobody(peer.address), packets: 1000 });
  const again = await allSamples(agent, receiver);
  expect(again.at(-1)?.rate).toBe(SAMPLING);
  await expectEnd(agent);
});
