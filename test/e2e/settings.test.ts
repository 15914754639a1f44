// Every setting of the file, changed by a reload under traffic and changed back: it is in force, no other socket was
// touched, and the collector that stays misses nothing.

import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import { ask } from "../../agent/control/client.ts";
import type { Status } from "../../agent/report/agent-status.ts";
import type { Agent } from "./agent.ts";
import { start } from "./child.ts";
import { sleep, until } from "./command.ts";
import { expectEnd } from "./expect-end.ts";
import { test } from "./fixture.ts";
import { connect, nobody } from "./namespaces.ts";
import type { Receiver } from "./receiver.ts";
import { PORTS, type Row, type Seen } from "./setting-row.ts";
import { settingRows } from "./setting-rows.ts";
import { changedSockets, socketsOf } from "./sockets.ts";
import type { Datagram } from "./walk.ts";

const SECONDS_BETWEEN_PACKETS = 0.005;
/** Seconds after which everything sampled before a reload has arrived. */
const SETTLED = 0.2;

const text = (more: string): string => `sflow {
  polling = 0
  collector { ip = 127.0.0.1 udpport = ${PORTS.stays} }
  pcap { dev = eth0 sampling = 1 }
  ${more}
}`;

async function reload(agent: Agent, more: string): Promise<void> {
  writeFileSync(agent.configuration, text(more));
  const outcome = await ask(agent.controlSocket, "reload", 10_000);
  expect(outcome, JSON.stringify(outcome)).toMatchObject({ kind: "answer", value: { ok: true, lacking: [] } });
}

const interfaces = new Map([[1, "lo"]]);
/** Leaves out the control socket, on which the test asks. */
const sockets = ({ pid, controlSocket }: Agent): Map<string, string> =>
  new Map([...socketsOf(pid, interfaces)].filter(([, what]) => what !== `unix ${controlSocket}`));

async function askStatus({ controlSocket }: Agent): Promise<Status> {
  const outcome = await ask(controlSocket, "status");
  if (outcome.kind !== "answer") throw new Error(outcome.message);
  return outcome.value;
}

/**
 * Waits until closed sockets are gone, which takes the kernel a while: each tap has one socket. A tap of BPF has none,
 * or one that is not bound to an interface.
 */
async function settledSockets(agent: Agent): Promise<Map<string, string>> {
  const { modules } = await askStatus(agent);
  const taps = modules.flatMap(({ report }) => report.taps ?? []).filter(({ engine = "epcap" }) => engine !== "epcap");
  let last = sockets(agent);
  return until("closed sockets to go", async () => {
    await sleep(10);
    const [before, now] = [last, sockets(agent)];
    last = now;
    const packetSockets = [...now.values()].filter((what) => /^packet [^0]/.test(what));
    return packetSockets.length === taps.length && changedSockets(before, now).length === 0 && now;
  });
}

async function look(agent: Agent, datagrams: readonly Datagram[], before: Map<string, string>): Promise<Seen> {
  const status = await askStatus(agent);
  const now = sockets(agent);
  return {
    status,
    datagrams,
    auto: readFileSync(`${agent.configuration}.auto`, "utf8"),
    sockets: [...now.values()],
    changed: changedSockets(before, now),
  };
}

async function change(agent: Agent, receiver: Receiver, more: string, row: Row, is: boolean): Promise<void> {
  const before = await settledSockets(agent);
  await reload(agent, more);
  const since = Date.now() / 1000 + SETTLED;
  let wrong: string[] = [];
  let seen: Seen | undefined;
  await until(
    `${more}: ${is ? "in force" : "taken back"}, and nothing else touched`,
    async () => {
      const datagrams = row.wire ? receiver.datagrams().filter(({ time }) => time > since) : [];
      if (row.wire && !datagrams.some(({ flows }) => flows.length > 0)) return false;
      seen = await look(agent, datagrams, before);
      // Sockets that are opened for a moment, as by this request, disappear.
      wrong = seen.changed.filter((what) => !row.touches?.test(what));
      return wrong.length === 0 && row.is?.(seen) !== !(is || row.eitherWay);
    },
    { evidence: () => `touched: ${wrong}\n${JSON.stringify(seen?.status.modules)}\n${agent.stderr()}` },
  );
}

/** Returns the places where a number does not follow the one before of its kind. */
function breaks(numbers: readonly (readonly [kind: string, number: number])[]): string[] {
  const last = new Map<string, number>();
  return numbers.flatMap(([kind, number]) => {
    const before = last.get(kind) ?? 0;
    last.set(kind, number);
    return number === before + 1 ? [] : [`${kind}: ${before}, ${number}`];
  });
}

const streams = (all: readonly Datagram[]) =>
  all.map(({ agent, subAgent, sequence }) => [`datagrams ${agent} ${subAgent}`, sequence] as const);
const sources = (all: readonly Datagram[]) =>
  all.flatMap(({ flows }) => flows).map(({ source, sequence }) => [`flows ${source}`, sequence] as const);

test("every setting of sflow { } and of every block can be changed, added and removed", async ({
  folder,
  lab,
  startAgent,
  startReceiver,
}) => {
  chmodSync(folder.path, 0o777);
  const rows = settingRows(folder.path);
  expect(rows.filter(([, row]) => row === undefined).map(([setting]) => setting)).toEqual([]);
  const [host, far] = [lab.namespace(), lab.namespace()];
  const receiver = await startReceiver(host, { port: PORTS.stays });
  await startReceiver(host, { port: PORTS.other });
  const [near, peer] = connect("eth0", [host, "10.92.1.1"], [far, "10.92.1.2"]);
  const [second] = connect("eth1", [host, "10.92.2.1"], [far, "10.92.2.2"]);
  interfaces.set(near.index, "eth0").set(second.index, "eth1");
  const agent = startAgent(host, text("agentIP = 10.92.1.1"), "-P");
  await agent.taps(near.index);
  const traffic = start(far, ["ping", "-q", "-i", `${SECONDS_BETWEEN_PACKETS}`, nobody(peer.address)]);
  await receiver.until("samples", ({ length }) => length > 0);
  for (const [setting, row] of rows) {
    if (row === undefined) throw new Error(setting);
    await reload(agent, row.from);
    await change(agent, receiver, row.to, row, true);
    await change(agent, receiver, row.from, row, false);
  }
  await traffic.stop();
  await expectEnd(agent);
  const datagrams = receiver.datagrams();
  expect(breaks(streams(datagrams))).toEqual([]);
  expect(breaks(sources(datagrams))).toEqual([]);
  process.stdout.write(`${rows.length} settings changed and taken back, ${datagrams.length} datagrams without a gap\n`);
}, 120_000);
