// Thousands of interfaces and settings: no turn of the event loop is long, and no sample of another interface is lost.

import { writeFileSync } from "node:fs";
import { expect } from "vitest";
import type { Status } from "../../agent/report/agent-status.ts";
import type { TapReport } from "../../agent/report/report.ts";
import type { Agent } from "./agent.ts";
import { start } from "./child.ts";
import { run, sleep, tryRun, until } from "./command.ts";
import { expectEnd } from "./expect-end.ts";
import { test } from "./fixture.ts";
import { flood } from "./flood.ts";
import { connect, counted, nobody } from "./namespaces.ts";
import { openTaps } from "./tun.ts";
import { longest, type Measured, measured } from "./turns.ts";
import { holes } from "./walk.ts";

/**
 * Milliseconds, of which 20 are the budget on a quiet machine: LONGEST_TURN=20. A busy one needs twice the time of a
 * processor, as others empty its caches. Garbage collection counts.
 */
const LONGEST = Number(process.env["LONGEST_TURN"] ?? 40);
const TAPS = 1000;
const BRIDGES = 1000;
const KEYS = 10_000;
/** 60,000 take a minute to add. */
const ADDRESSES = Number(process.env["ADDRESSES"] ?? 20_000);
const PER_SECOND = 20_000;
/** Milliseconds for a storm of interfaces, whose messages and removal the kernel hands over at its own pace. */
const LONGEST_IN_STORM = 5 * LONGEST;

const socketOf = ({ controlSocket }: Agent): string => `--control-socket=${controlSocket}`;
const reload = (agent: Agent): string => run(process.execPath, "dist/hsflowd.js", "reload", socketOf(agent));
/** Returns the taps that are open; none if a busy machine gives the agent no time to answer. */
function tapsOf(agent: Agent): readonly TapReport[] {
  const { status, stdout } = tryRun(process.execPath, "dist/hsflowd.js", "status", "--format=json", socketOf(agent));
  if (status !== 0) return [];
  const { modules }: Status = JSON.parse(stdout);
  return modules.flatMap(({ report }) => report.taps ?? []).filter(({ state }) => state === "sampled");
}

/** Resolves when the blocks are started. */
const running = (agent: Agent): Promise<unknown> =>
  until("an answer", () => tryRun(process.execPath, "dist/hsflowd.js", "status", socketOf(agent)).status === 0);

/** Prints and judges the longest turn since `time`. */
function judge({ turns }: Measured, what: string, since: number, limit = LONGEST): void {
  const most = longest(turns(since));
  process.stdout.write(`    ${what}: longest turn ${most} ms\n`);
  expect(most, what).toBeLessThanOrEqual(limit);
}

/** Waits until eth0 has given so many samples, and expects that it lost none. */
async function expectAll(agent: Agent, passed: number): Promise<void> {
  const tap = await until("the last sample", () => {
    const now = tapsOf(agent).find((one) => one.interface === "eth0");
    return (now?.packets ?? 0) >= passed && now;
  });
  expect(tap.drops).toBe(0);
}

const config = (collector: number, text: string): string => `sflow {
  agentIP = 127.0.0.1
  collector { ip = 127.0.0.1 udpport = ${collector} }
  ${text}
}`;

test(`${TAPS} taps whose rate is changed, and ${BRIDGES} new bridges, cost another tap no sample`, async ({
  folder,
  lab,
  startAgent,
  startReceiver,
}) => {
  const [host, far] = [lab.namespace(), lab.namespace()];
  const receiver = await startReceiver(host);
  const [near, peer] = connect("eth0", [host, "10.9.7.1"], [far, "10.9.7.2"]);
  const holder = await openTaps(host, "hold", TAPS);
  const text = (rate: number): string =>
    config(receiver.port, `pcap { dev = eth0 sampling = 1 } pcap { dev.pattern = ^hold sampling = ${rate} }`);
  const held = measured(folder.file("taps.turns"), () => startAgent(host, text(1000)));
  const { agent } = held;
  // Before that, it loads its code.
  await agent.says(/confined to/);
  const began = Date.now() + 50;
  await until("all taps", () => tapsOf(agent).length === TAPS + 1, { seconds: 60 });
  judge(held, `${TAPS} taps at the start`, began);

  const before = counted(host, "eth0").rx.packets;
  const packets = 6 * PER_SECOND;
  const flooded = flood(far, { to: nobody(peer.address), packets, size: 100, perSecond: PER_SECOND });
  await sleep(500);
  const reloaded = Date.now();
  writeFileSync(agent.configuration, text(100));
  reload(agent);
  process.stdout.write(`    reload: ${Date.now() - reloaded} ms\n`);
  judge(held, `${TAPS} taps at a reload`, reloaded);
  const storm = Date.now();
  const batch = folder.file("bridges");
  const words = (verb: string, rest: string) =>
    Array.from({ length: BRIDGES }, (_, i) => `link ${verb} b${i}${rest}`).join("\n");
  writeFileSync(batch, `${words("add", " type bridge")}\n${words("set", " alias x")}\n${words("del", "")}\n`);
  host.ip("-batch", batch);
  await flooded;
  judge(held, `${BRIDGES} bridges`, storm, LONGEST_IN_STORM);

  const passed = counted(host, "eth0").rx.packets - before;
  await expectAll(agent, passed);
  const source = `0:${near.index}`;
  const all = await receiver.until("all samples", (datagrams) => {
    const flows = datagrams.flatMap(({ flows }) => flows).filter((flow) => flow.source === source);
    return flows.length >= passed;
  });
  const numbers = all.flatMap(({ flows }) => flows).filter((flow) => flow.source === source);
  expect(holes(numbers.map(({ sequence }) => sequence))).toEqual([]);
  await expectEnd(agent);
  await holder.stop();
}, 120_000);

test(`${KEYS} keys in a file`, async ({ folder, lab, startAgent }) => {
  const host = lab.namespace();
  const keys = (more: number): string =>
    config(6343, Array.from({ length: KEYS }, (_, i) => `sampling.app${i} = ${i + more}`).join("\n"));
  const file = folder.file("keys.turns");
  const short = measured(folder.file("short.turns"), () => startAgent(host, config(6343, "")));
  await running(short.agent);
  // Loads the code of the agent, which takes longer than any turn after it.
  const loading = longest(short.turns());
  await expectEnd(short.agent);
  const held = measured(file, () => startAgent(host, keys(0)));
  const { agent } = held;
  await running(agent);
  process.stdout.write(`    at the start: ${longest(held.turns())} ms, without the keys ${loading} ms\n`);
  expect(longest(held.turns())).toBeLessThan(loading + LONGEST);
  await sleep(2500);
  const reloaded = Date.now();
  writeFileSync(agent.configuration, keys(1));
  reload(agent);
  judge(held, `${KEYS} keys at a reload`, reloaded);
  await expectEnd(agent);
}, 60_000);

/** Adds the addresses in a network namespace of the user's own, 1000 to an interface, and holds it. */
const STRANGER = `awk 'BEGIN { for (i = 0; i < ${ADDRESSES}; i++) {
  if (i % 1000 == 0) print "link add d" i / 1000 " type bridge"
  print "address add 10." int(i / 65536) "." int(i / 256) % 256 "." i % 256 "/32 dev d" int(i / 1000)
} }' | ip -batch -
echo "has $(ip -4 -o address | wc -l)"
exec sleep 60`;

test(`${ADDRESSES} addresses of another user's namespace cost a tap no sample`, async ({
  folder,
  lab,
  startAgent,
  startReceiver,
}) => {
  const [host, far] = [lab.namespace(), lab.namespace()];
  const receiver = await startReceiver(host);
  const [near, peer] = connect("eth0", [host, "10.9.7.1"], [far, "10.9.7.2"]);
  const nobodyOf = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
  const stranger = start(host, [...nobodyOf, "unshare", "--user", "--map-root-user", "--net", "sh", "-c", STRANGER]);
  await stranger.says(new RegExp(`has ${ADDRESSES}`));
  const text = config(receiver.port, "pcap { dev = eth0 sampling = 1 } tcp { udp = on }");
  const held = measured(folder.file("addresses.turns"), () => startAgent(host, text));
  const { agent } = held;
  await agent.taps(near.index);
  await agent.says(/confined to/);
  const began = Date.now() + 50;
  const before = counted(host, "eth0").rx.packets;
  // No address of the host, so it is looked for in all namespaces.
  const packets = 6 * PER_SECOND;
  await flood(far, { to: nobody(peer.address), packets, size: 100, perSecond: PER_SECOND });
  judge(held, `${ADDRESSES} addresses`, began);
  const passed = counted(host, "eth0").rx.packets - before;
  await expectAll(agent, passed);
  await expectEnd(agent);
  await stranger.stop();
}, 90_000);
