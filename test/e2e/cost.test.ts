// The short form of `npm run bench`: eight times the samples cost at most eight times the processor time, and none is
// lost. It is a ratio of processor times, so the speed and load of the machine do not matter.

import { readdirSync, readFileSync } from "node:fs";
import { expect } from "vitest";
import type { Status } from "../../agent/report/agent-status.ts";
import type { Agent } from "./agent.ts";
import { tryRun, until } from "./command.ts";
import { expectEnd } from "./expect-end.ts";
import { test } from "./fixture.ts";
import { flood } from "./flood.ts";
import { connect, nobody } from "./namespaces.ts";

const SECONDS = 2;
const SLOW = 2500;
const FAST = 8 * SLOW;
/** Above 1 for caches, and for the measurement on a busy machine. */
const MOST_EXPONENT = 1.2;

/** Microseconds on a processor, all threads. proc(5), schedstat. */
const cpu = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`).reduce(
    (sum, task) => sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]) / 1000,
    0,
  );

function countersOf({ controlSocket }: Agent): { packets: number; drops: number; flowSamples: number } {
  const words = ["status", "--format=json", `--control-socket=${controlSocket}`];
  const { modules, counters }: Status = JSON.parse(tryRun(process.execPath, "dist/hsflowd.js", ...words).stdout);
  const pcap = modules.find(({ name }) => name === "pcap")?.counters;
  return { packets: pcap?.["packets"] ?? 0, drops: pcap?.["drops"] ?? 0, flowSamples: counters.flowSamples };
}

test("cost does not grow faster than samples", async ({ lab, startAgent }) => {
  const [host, far] = [lab.namespace(), lab.namespace()];
  const [near, peer] = connect("eth0", [host, "10.9.5.1"], [far, "10.9.5.2"]);
  const text = `sflow {
    agentIP = ${near.address}
    polling = 1
    collector { ip = 127.0.0.1 }
    pcap { dev = eth0 sampling = 1 }
  }`;
  const agent = startAgent(host, text);
  await agent.taps(near.index);
  let sent = 0;
  const load = async (perSecond: number): Promise<number> => {
    const before = cpu(agent.pid);
    await flood(far, { to: nobody(peer.address), packets: SECONDS * perSecond, perSecond });
    sent += SECONDS * perSecond;
    const evidence = () => JSON.stringify({ sent, ...countersOf(agent) });
    await until("every sample", () => countersOf(agent).flowSamples === sent, { evidence });
    return cpu(agent.pid) - before;
  };
  await load(FAST);
  const [slow, fast] = [await load(SLOW), await load(FAST)];
  const exponent = Math.log(fast / slow) / Math.log(FAST / SLOW);
  process.stdout.write(`cost: samples ^ ${exponent.toFixed(2)}\n`);
  expect(exponent).toBeLessThan(MOST_EXPONENT);
  expect(countersOf(agent)).toEqual({ packets: sent, drops: 0, flowSamples: sent });
  await expectEnd(agent);
});
