// Thousands of short TCP connections a second, sampled 1-in-10: nothing leaks, nothing waits, nothing is lost.

import { readdirSync, readFileSync } from "node:fs";
import { expect } from "vitest";
import type { Agent } from "./agent.ts";
import { start } from "./child.ts";
import { run, sleep, until } from "./command.ts";
import { expectEnd } from "./expect-end.ts";
import { test } from "./fixture.ts";
import { connect, counted } from "./namespaces.ts";
import { FIN, SYN, tcpSamples } from "./tcp-samples.ts";

/** TCP_CHURN_SECONDS=30 for the long form. */
const SECONDS = Number(process.env["TCP_CHURN_SECONDS"] ?? 5);
const A_SECOND = 5000;
const RATE = 10;
/** Seconds: the deadline of a lookup, and the time that a datagram waits for more samples. */
const MOST_DELAY = 0.5;

const descriptors = ({ pid }: Agent) => readdirSync(`/proc/${pid}/fd`).length;
const residentMegabytes = ({ pid }: Agent) =>
  Number(/^Rss: +(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1]) / 1024;

test(`${A_SECOND} connections a second for ${SECONDS} s, 1-in-${RATE}`, async ({
  folder,
  lab,
  startAgent,
  startReceiver,
}) => {
  run("cc", "-O2", "-o", folder.file("churn"), "test/e2e/churn.c");
  const host = lab.namespace();
  const far = lab.namespace();
  const [cable] = connect("eth0", [host, "10.25.0.1"], [far, "10.25.0.2"]);
  host.run("sysctl", "-qw", "net.ipv4.ip_local_port_range=2000 65000");
  const receiver = await startReceiver(host);
  const agent = startAgent(
    host,
    `sflow {
      agentIP = ${cable.address}
      polling = 0
      collector { ip = 127.0.0.1 udpport = ${receiver.port} }
      pcap { dev = eth0 sampling = ${RATE} }
      tcp { }
    }`,
  );
  await agent.taps(cable.index);
  const server = start(far, [folder.file("churn"), "serve", "10.25.0.2", "7000"]);
  await server.says(/listening/);
  const churn = async (seconds: number) => {
    const words = ["talk", "10.25.0.2", "7000", `${A_SECOND}`, `${seconds}`];
    const client = start(host, [folder.file("churn"), ...words]);
    await until("the connections", () => client.ended(), { seconds: seconds + 15 });
    return client.stdout();
  };
  await churn(2);
  await sleep(300);
  const before = { descriptors: descriptors(agent), memory: residentMegabytes(agent), packets: counted(host, "eth0") };
  const warmUp = receiver.datagrams().flatMap(({ flows }) => flows).length;
  const said = await churn(SECONDS);
  await sleep(700);
  const packets = counted(host, "eth0");
  const offered = packets.rx.packets + packets.tx.packets - before.packets.rx.packets - before.packets.tx.packets;
  const grown = residentMegabytes(agent) - before.memory;
  expect(descriptors(agent)).toBe(before.descriptors);
  await expectEnd(agent);
  await server.stop();

  const datagrams = receiver.datagrams();
  const flows = datagrams.flatMap((datagram) => datagram.flows);
  const samples = tcpSamples(datagrams).slice(warmUp);
  const delays = samples.map(({ taken, arrived }) => arrived - taken);
  const open = samples.filter(({ flags }) => (flags & (SYN | FIN)) === 0);
  const figures = {
    said: said.trim(),
    offered,
    samples: samples.length,
    annotated: samples.filter(({ info }) => info !== undefined).length,
    annotatedOfOpen: open.filter(({ info }) => info !== undefined).length / open.length,
    medianDelay: delays.toSorted((a, b) => a - b)[delays.length >> 1] ?? 0,
    longestDelay: delays.reduce((longest, delay) => Math.max(longest, delay), 0),
    grownMegabytes: grown,
  };
  if (process.env["TCP_CHURN_SECONDS"] !== undefined) process.stdout.write(`${JSON.stringify(figures)}\n`);
  expect(flows.at(-1)).toMatchObject({ sequence: flows.length, drops: 0, pool: flows.length * RATE });
  expect(Math.abs(samples.length - offered / RATE)).toBeLessThan(5 * Math.sqrt(offered / RATE));
  // Tests half of them: a busy machine may delay any single one.
  expect(figures.medianDelay).toBeLessThan(MOST_DELAY);
  expect(grown).toBeLessThan(20);
  expect(figures.annotated).toBeGreaterThan(0);
}, 120_000);
