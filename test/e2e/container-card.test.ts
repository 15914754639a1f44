// An agent whose interfaces are those of a container: its card is one end of a pair, or stands on a parent outside.

import { expect } from "vitest";
import type { Agent } from "./agent.ts";
import { run, until } from "./command.ts";
import { asking, hsflowd } from "./diagnosis.ts";
import { test as base } from "./fixture.ts";
import { flood } from "./flood.ts";
import { type Cable, connect, type Lab, type Namespace, nobody } from "./namespaces.ts";
import type { Receiver } from "./receiver.ts";

const PACKETS = 20;

interface Container {
  readonly inside: Namespace;
  readonly outside: Namespace;
  readonly receiver: Receiver;
  readonly agent: Agent;
}

/** Starts an agent in a namespace with the interfaces that `plug` adds, and with a collector on its loopback. */
const test = base.extend(
  "contain",
  { scope: "file" },
  ({ lab, startAgent, startReceiver }) =>
    async (plug: (inside: Namespace, outside: Namespace) => void, blocks: string): Promise<Container> => {
      const [inside, outside] = [lab.namespace(), lab.namespace()];
      plug(inside, outside);
      const receiver = await startReceiver(inside);
      const collector = `collector { ip = 127.0.0.1 udpport = ${receiver.port} }`;
      const agent = startAgent(inside, `sflow { polling = 1 ${collector} ${blocks} }`);
      await until("an answer", () => hsflowd(inside, ["status", asking(agent)]).status === 0, {
        evidence: agent.stderr,
      });
      return { inside, outside, receiver, agent };
    },
);

const indexOf = (namespace: Namespace, name: string) => Number(namespace.run("cat", `/sys/class/net/${name}/ifindex`));

const command = ({ inside, agent }: Container, ...words: string[]) => hsflowd(inside, [...words, asking(agent)]).stdout;

/** Sends packets to the card, and expects all of them in samples of the card alone and in host_net_io. */
async function expectCounted(container: Container, from: Namespace, peer: Pick<Cable, "address">): Promise<void> {
  const { inside, receiver, agent } = container;
  const card = indexOf(inside, "eth0");
  await agent.taps(card);
  await flood(from, { to: nobody(peer.address), packets: PACKETS });
  const flows = () => receiver.datagrams().flatMap((datagram) => datagram.flows);
  const of = (index: number) => flows().filter(({ source }) => source === `0:${index}`);
  await receiver.until("samples of the card", () => of(card).length >= PACKETS);
  expect(of(card)).toHaveLength(PACKETS);
  expect(new Set(flows().map(({ source }) => source))).toEqual(new Set([`0:${card}`]));
  const received = () =>
    receiver
      .datagrams()
      .flatMap(({ counters }) => counters)
      .findLast(({ source }) => source === "2:1")
      ?.records.get(2006)
      ?.readUInt32BE(8) ?? 0;
  await receiver.until("the packets in host_net_io", () => received() >= PACKETS);
  expect(command(container, "explain", "eth0")).toMatch(/^eth0 is sampled 1-in-1: /);
}

/** Adds a container inside: the end `name` of a pair, a port of the bridge. */
function addInner(lab: Lab, inside: Namespace, name: string, bridge: string): void {
  const inner = lab.namespace();
  inside.ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", inner.name);
  inside.ip("link", "set", name, "master", bridge);
  inside.ip("link", "set", name, "up");
}

test("one end of a pair is sampled and counted, and doctor finds no fault", async ({ contain }) => {
  const plug = (inside: Namespace, outside: Namespace) => {
    connect("eth0", [inside, "10.95.1.1"], [outside, "10.95.1.2"]);
    inside.ip("route", "add", "default", "via", "10.95.1.2");
  };
  const container = await contain(plug, "pcap { dev.pattern = ^eth sampling = 1 }");
  await expectCounted(container, container.outside, { address: "10.95.1.1" });
  expect(command(container, "doctor")).toMatch(/^nothing is wrong\n/);
  expect(command(container, "explain", "agent")).toContain("the agent address is 10.95.1.1: eth0: ");
});

test("a macvlan on a parent outside is sampled, and the pairs of inner containers are not", async ({
  contain,
  lab,
}) => {
  const far = lab.namespace();
  const plug = (inside: Namespace, outside: Namespace) => {
    connect("eth0", [outside, "10.95.2.3"], [far, "10.95.2.2"]);
    run(
      "ip",
      "-n",
      outside.name,
      "link",
      "add",
      "link",
      "eth0",
      "netns",
      inside.name,
      "name",
      "eth0",
      "type",
      "macvlan",
    );
    inside.ip("address", "add", "10.95.2.1/24", "dev", "eth0");
    inside.ip("link", "set", "eth0", "up");
    const mac = inside.run("cat", "/sys/class/net/eth0/address").trim();
    far.ip("neigh", "replace", "10.95.2.99", "lladdr", mac, "dev", "eth0");
    inside.ip("link", "add", "br0", "type", "bridge");
    addInner(lab, inside, "inner0", "br0");
  };
  await expectCounted(await contain(plug, "pcap { sampling = 1 } pcap { dev = lo sampling = 0 }"), far, {
    address: "10.95.2.1",
  });
});

test("a card that is a port of a bridge inside is sampled and counted, and the other ports are not", async ({
  contain,
  lab,
}) => {
  const plug = (inside: Namespace, outside: Namespace) => {
    connect("eth0", [inside, "10.95.3.1"], [outside, "10.95.3.2"]);
    inside.ip("link", "add", "br0", "type", "bridge");
    inside.ip("link", "set", "eth0", "master", "br0");
    addInner(lab, inside, "inner0", "br0");
  };
  const container = await contain(plug, "pcap { speed = 1G- sampling = 1 } pcap { dev = br0 sampling = 0 }");
  await expectCounted(container, container.outside, { address: "10.95.3.1" });
  expect(command(container, "explain", "inner0")).toContain("inner0 is not sampled: packets of veth pairs are sampled");
});

test("doctor reports a default route over an interface that no block samples", async ({ contain }) => {
  const plug = (inside: Namespace, outside: Namespace) => {
    connect("eth0", [inside, "10.95.4.1"], [outside, "10.95.4.2"]);
    inside.ip("route", "add", "default", "via", "10.95.4.2");
  };
  const container = await contain(plug, "pcap { dev.pattern = ^lo }");
  expect(command(container, "doctor").split("\n").slice(0, 2)).toEqual([
    "the default route uses eth0, which is not sampled: no pcap { } block matches",
    "  remedy: add pcap { dev=eth0 } to sflow { }, or pcap { dev=eth0 sampling=0 } to leave it out",
  ]);
});

test("an interface is found by its alternative names as soon as it has them, and no longer than that", async ({
  contain,
  startReceiver,
}) => {
  const [short, long] = ["enp3s0", "uplink-of-this-container-to-the-switch-in-rack-3"];
  const plug = (inside: Namespace, outside: Namespace) => {
    connect("eth0", [inside, "10.95.5.1"], [outside, "10.95.5.2"]);
    connect("eth1", [inside, "10.95.6.1"], [outside, "10.95.6.2"]);
  };
  const through = (dev: string, port: number) => `collector { ip = 10.95.5.2 udpport = ${port} dev = ${dev} }`;
  const blocks = `agent = ${short} pcap { dev = ${long} sampling = 1 } ${through(long, 7001)}`;
  const container = await contain(plug, blocks);
  const { inside, outside, agent } = container;
  const card = indexOf(inside, "eth0");
  const receiver = await startReceiver(outside, { address: "10.95.5.2", port: 7001 });
  expect(command(container, "explain", long)).toContain(`${long} is not sampled: there is no such interface`);
  for (const name of [short, long]) inside.ip("link", "property", "add", "dev", "eth0", "altname", name);
  await agent.taps(card);
  await flood(outside, { to: nobody("10.95.5.1"), packets: PACKETS });
  const flows = () => receiver.datagrams().flatMap((datagram) => datagram.flows);
  await receiver.until("samples through the collector's interface", () => flows().length >= PACKETS);
  expect(new Set(flows().map(({ source }) => source))).toEqual(new Set([`0:${card}`]));
  const explained = command(container, "explain", long);
  expect(explained).toContain(`eth0 is sampled 1-in-1: pcap { sampling=1 }\n`);
  expect(explained).toContain(`also named ${short}, ${long}`);
  expect(command(container, "explain", "agent")).toMatch(
    /^the agent address is 10\.95\.5\.1: eth0: .*named by agent =/,
  );
  inside.ip("link", "property", "del", "dev", "eth0", "altname", long);
  await until("the end of the tap", () => agent.counters("pcap")["taps"] === 0);
  expect(command(container, "explain", short)).toContain("eth0 is not sampled: no pcap { } block matches");
});
