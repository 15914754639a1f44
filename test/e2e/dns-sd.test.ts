// Collectors and rates from a real name server: they change under traffic, and a collector that stays misses nothing.

import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import { until } from "./command.ts";
import { asking, hsflowd } from "./diagnosis.ts";
import { expectEnd } from "./expect-end.ts";
import { test } from "./fixture.ts";
import { flood } from "./flood.ts";
import { connect, type Namespace, nobody } from "./namespaces.ts";
import type { Receiver } from "./receiver.ts";
import { type Datagram, holes } from "./walk.ts";
import { makeZone } from "./zone.ts";

const SERVICE = "_sflow._udp.example.com";
/** The shortest time that an answer is kept. */
const TTL = 10;
const PACKETS_PER_SECOND = 20_000;

const srv = (name: string, port: number, priority = 0, weight = 0): string =>
  `srv-host=${SERVICE},${name}.example.com,${port},${priority},${weight}`;
const txt = (...settings: string[]): string =>
  `txt-record=${SERVICE},${["txtvers=1", ...settings].map((text) => `"${text}"`).join(",")}`;

const NAMES = [
  `local-ttl=${TTL}`,
  "host-record=real.example.com,127.0.0.1",
  "cname=a.example.com,real.example.com",
  "host-record=b.example.com,127.0.0.1",
];

/** So many records that no datagram holds them, and of a priority that is never chosen. */
const STANDBY = Array.from({ length: 300 }, (_, i) => srv("b", 20_000 + i, 10));

const ratesOf = (datagrams: readonly Datagram[]): number[] => [
  ...new Set(datagrams.flatMap(({ flows }) => flows.map(({ rate }) => rate))),
];

/** Sends traffic to an address until the function returned is called. */
function keepSending(from: Namespace, to: string): () => Promise<void> {
  const state = { on: true };
  const second = { to, packets: PACKETS_PER_SECOND, perSecond: PACKETS_PER_SECOND };
  const load = (async () => {
    while (state.on) await flood(from, second);
  })();
  return () => {
    state.on = false;
    return load;
  };
}

/** Datagrams of the agent: doctor tests collectors under its own sub-agent id. */
const sent = (receiver: Receiver): Datagram[] => receiver.datagrams().filter(({ subAgent }) => subAgent === 100_000);

async function grows(receiver: Receiver): Promise<void> {
  const before = sent(receiver).length;
  await until("more datagrams", () => sent(receiver).length > before + 2);
}

test("collectors and rates follow DNS, and a collector that stays loses nothing", async ({
  atEnd,
  folder,
  lab,
  startAgent,
  startReceiver,
}) => {
  const [host, far] = [lab.namespace(), lab.namespace()];
  const [near, peer] = connect("eth0", [host, "10.96.1.1"], [far, "10.96.1.2"]);
  const zone = makeZone(host, folder.path);
  atEnd(zone.remove);
  const a = await startReceiver(host);
  const b = await startReceiver(host);
  const [atA, atB] = [srv("a", a.port), srv("b", b.port)];
  await zone.serve([...NAMES, ...STANDBY, atA, txt("sampling.10G=100", "polling=1")]);

  const agent = startAgent(host, "sflow { polling=9 headerBytes=64 dns-sd { } pcap { dev=eth0 } }");
  const ask = (...words: string[]) => hsflowd(host, [...words, asking(agent)]);
  await agent.taps(near.index);
  const endTraffic = keepSending(far, nobody(peer.address));
  await a.until("samples at the rate of DNS", (datagrams) => ratesOf(datagrams).includes(100));
  expect(ask("status").stdout).toMatch(/SRV _sflow\._udp\.example\.com .* 301 records from 127\.0\.0\.1/);
  expect(ask("explain", "eth0").stdout).toContain("eth0 is sampled 1-in-100: sampling.10G = 100 by dns-sd");

  // Found without a reload when the earlier answer has expired.
  await zone.serve([...NAMES, ...STANDBY, atA, atB, txt("sampling.10G=100", "polling=1")]);
  await b.until("the first datagrams of a new collector", ({ length }) => length > 2, 2 * TTL);
  const auto = (): string[] => readFileSync(`${agent.configuration}.auto`, "utf8").split("\n");
  const written = [a, b].map(({ port }) => `collector=127.0.0.1 ${port}`).sort();
  await until(
    "hsflowd.auto",
    () =>
      auto()
        .filter((line) => line.startsWith("collector="))
        .join() === written.join(),
  );
  expect(auto()).toEqual(expect.arrayContaining(["sampling.10G=100", "polling=1", "header=64"]));

  // The others are in force at once, by a reload.
  await zone.serve([...NAMES, ...STANDBY, atA, atB, txt("sampling.10G=50", "polling=1")]);
  agent.kill("SIGHUP");
  await a.until("samples at another rate", (datagrams) => ratesOf(datagrams).includes(50));
  await zone.serve([...NAMES, ...STANDBY, atA, txt("sampling.10G=5O", "polling=1")]);
  agent.kill("SIGHUP");
  await agent.says(/"sampling\.10G=5O": expected a whole number from 0 to 10000000/);
  await until("one collector", () => !ask("status").stdout.includes(`b.example.com:${b.port}`));
  const left = sent(b).length;

  await zone.stop();
  agent.kill("SIGHUP");
  await agent.says(/SRV _sflow\._udp\.example\.com: 127\.0\.0\.1: ECONNREFUSED; the last answer stays in force/);
  await grows(a);
  expect(sent(b)).toHaveLength(left);
  const doctor = ask("doctor").stdout;
  expect(doctor).toMatch(/note +blocks +dns-sd: SRV .*ECONNREFUSED; the last answer stays in force/);
  // The server is back, and is asked again without a reload.
  await zone.serve([...NAMES, ...STANDBY, atA, atB, txt("sampling.10G=200", "polling=1")]);
  await until("datagrams again", () => sent(b).length > left);
  await a.until("samples at a third rate", (datagrams) => ratesOf(datagrams).includes(200));

  await expectEnd(agent);
  await endTraffic();
  const datagrams = sent(a);
  expect(holes(datagrams.map(({ sequence }) => sequence))).toEqual([]);
  expect(holes(datagrams.flatMap(({ flows }) => flows.map(({ sequence }) => sequence)))).toEqual([]);
  expect(ratesOf(datagrams)).toEqual([100, 50, 200]);
  expect(hsflowd(host, ["check", "--dump", agent.configuration]).stdout).not.toContain("collector {");
  process.stdout.write(`dns-sd: ${datagrams.length} datagrams without a gap\n`);
});

test("follows no service, a service that moves, and the removal of dns-sd { }", async ({
  atEnd,
  folder,
  lab,
  startAgent,
  startReceiver,
}) => {
  const host = lab.namespace();
  const zone = makeZone(host, folder.path);
  atEnd(zone.remove);
  await zone.serve(NAMES);
  const agent = startAgent(host, "sflow { agentIP=127.0.0.1 dns-sd { } }");
  await agent.says(/SRV .*: no such name, says 127\.0\.0\.1/);
  const { stdout, status } = hsflowd(host, ["doctor", asking(agent)]);
  expect(stdout).toMatch(
    /^dns-sd: no collector by SRV _sflow\._udp\.lab\.example\.com or _sflow\._udp\.example\.com: no/,
  );
  expect(stdout).toContain("remedy: _sflow._udp.lab.example.com. SRV 0 0 6343 COLLECTOR in its zone");
  expect(status).toBe(1);

  // Its name has a new address: the stream goes on there, under the same name in status.
  const one = await startReceiver(host);
  const other = await startReceiver(host, { address: "127.0.0.2", port: one.port });
  const at = (address: string): string[] => [
    srv("m", one.port),
    txt("polling=1"),
    `host-record=m.example.com,${address}`,
  ];
  await zone.serve(at("127.0.0.1"));
  agent.kill("SIGHUP");
  await one.until("datagrams", ({ length }) => length > 1);
  await zone.serve(at("127.0.0.2"));
  agent.kill("SIGHUP");
  await other.until("datagrams at the new address", ({ length }) => length > 1);
  const numbers = [...sent(one), ...sent(other)].map(({ sequence }) => sequence);
  expect(holes(numbers)).toEqual([]);
  expect(hsflowd(host, ["status", asking(agent)]).stdout).toMatch(/m\.example\.com:\d+ +127\.0\.0\.2/);

  // The name of the first priority does not exist; in the second, the weights choose one.
  await zone.serve([
    ...at("127.0.0.2").slice(1),
    srv("nobody", one.port, 1, 5),
    srv("m", one.port, 2, 0),
    srv("heavy", one.port, 2, 1),
    "host-record=heavy.example.com,127.0.0.1",
  ]);
  agent.kill("SIGHUP");
  const { length } = sent(one);
  await one.until("datagrams by weight", () => sent(one).length > length + 1);
  const { stdout: chosen } = hsflowd(host, ["status", asking(agent)]);
  expect(chosen).toMatch(/heavy\.example\.com:\d+ +127\.0\.0\.1/);
  expect(chosen).not.toMatch(/(nobody|m)\.example\.com:\d/);

  writeFileSync(agent.configuration, `sflow { agentIP=127.0.0.1 collector { ip=127.0.0.1 udpport=${one.port} } }`);
  agent.kill("SIGHUP");
  await until("the file's collector alone", () => {
    const now = hsflowd(host, ["status", asking(agent)]).stdout;
    return now.includes(`127.0.0.1:${one.port}`) && !now.includes("m.example.com") && !now.includes("dns-sd");
  });
  await expectEnd(agent);
});
