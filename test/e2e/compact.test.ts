// Two collectors of one agent, one of which reads compact samples only.

import { expect } from "vitest";
import { readCompact } from "../sflow/strict-compact.ts";
import { run } from "./command.ts";
import { sfacctd, tcpdump } from "./decoders.ts";
import { test } from "./fixture.ts";
import { flood } from "./flood.ts";
import { connect, nobody } from "./namespaces.ts";

const PACKETS = 10_000;
/** The first index that a compact data source cannot express. */
const TOO_LARGE = 16_777_216;

test("a collector with samples = compact gets the same samples, without those of an interface above 16777215", async ({
  lab,
  startAgent,
  startReceiver,
}) => {
  const [host, far] = [lab.namespace(), lab.namespace()];
  const [cable] = connect("eth0", [host, "10.95.0.1"], [far, "10.95.0.2"]);
  host.ip("link", "add", "far0", "index", `${TOO_LARGE}`, "type", "bridge");
  host.ip("link", "set", "far0", "up");
  const [expanded, compact] = [await startReceiver(host), await startReceiver(host)];
  const agent = startAgent(
    host,
    `sflow {
      agentIP = 10.95.0.1
      polling = 1
      collector { ip = 127.0.0.1 udpport = ${expanded.port} }
      collector { ip = 127.0.0.1 udpport = ${compact.port} samples = compact }
      pcap { dev = eth0 sampling = 1 }
      tcp { }
    }`,
  );
  await agent.taps(cable.index);
  await flood(host, { to: nobody(cable.address), packets: PACKETS, perSecond: 10_000 });
  const samplesOf = (all: readonly { flows: readonly unknown[] }[]) =>
    all.reduce((sum, { flows }) => sum + flows.length, 0);
  await expanded.until("all packets, and counters", (all) => {
    const polled = all.flatMap(({ counters }) => counters).some(({ source }) => source === `0:${TOO_LARGE}`);
    return polled && samplesOf(all) >= PACKETS;
  });
  await agent.stop();
  const sent = expanded.datagrams();
  const read = compact.received().map(({ payload }) => readCompact(payload));
  expect(read.map(({ sequence }) => sequence)).toEqual(sent.map(({ sequence }) => sequence));
  for (const [i, { flows, counters }] of sent.entries()) {
    const expected = [...flows, ...counters].filter(({ source }) => source !== `0:${TOO_LARGE}`);
    const got = read[i]?.samples ?? [];
    const describe = (source: string, sequence: number, records: ReadonlyMap<number, Buffer>) =>
      `${source} ${sequence} ${[...records].map(([format, bytes]) => `${format}:${bytes.toString("hex")}`).join()}`;
    expect(
      got.map(({ source, sequence, records }) => describe(`${source.class}:${source.index}`, sequence, records)).sort(),
    ).toEqual(expected.map(({ source, sequence, records }) => describe(source, sequence, records)).sort());
  }
  const ports = new Set(
    read
      .flatMap(({ samples }) => samples)
      .filter(({ kind }) => kind === "flow")
      .map(({ words }) => words.slice(3).join()),
  );
  expect(ports).toContain(`${0x3fff_ffff},${cable.index}`);
  expect(agent.stderr()).toContain("samples without a compact form left out so far: ");
  const { datagrams, invalid } = tcpdump(compact.pcap);
  expect({ datagrams, invalid }).toEqual({ datagrams: read.length, invalid: [] });
  const text = run("tcpdump", "-vv", "-n", "-r", compact.pcap, "udp port 6343");
  expect([/\bflow sample \(1\)/.test(text), /\bcounter sample \(2\)/.test(text), /expanded/.test(text)]).toEqual([
    true,
    true,
    false,
  ]);
  const [ours, theirs] = [sfacctd(compact.pcap), sfacctd(expanded.pcap)];
  expect(ours.warnings).toEqual([]);
  expect(ours.totals).toEqual(theirs.totals);
});
