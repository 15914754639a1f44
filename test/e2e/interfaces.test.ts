// Interfaces that are added, changed and deleted while the agent runs.

import { expect } from "vitest";
import { start } from "./child.ts";
import { until } from "./command.ts";
import { expectEnd } from "./expect-end.ts";
import { test as base } from "./fixture.ts";
import { flood } from "./flood.ts";
import { type Cable, connect, type Namespace, nobody } from "./namespaces.ts";
import type { Receiver } from "./receiver.ts";
import { type Datagram, type Flow, interfaceCounters } from "./walk.ts";

const PACKETS = 20;

/** Waits for this many samples of one source, and returns them. */
async function samplesOf(receiver: Receiver, index: number, count: number): Promise<Flow[]> {
  const of = (all: readonly Datagram[]) =>
    all.flatMap(({ flows }) => flows).filter(({ source }) => source === `0:${index}`);
  return of(await receiver.until(`${count} samples of interface ${index}`, (all) => of(all).length >= count));
}

/** Starts an agent on a host to which an interface can be added: the addresses of both ends are in `subnet`. */
const test = base.extend(
  "startUnplugged",
  { scope: "file" },
  ({ lab, startAgent, startReceiver }) =>
    async (subnet: string, configuration: (port: number) => string) => {
      const host = lab.namespace();
      const far = lab.namespace();
      const receiver = await startReceiver(host);
      const plug = () => connect("eth0", [host, `${subnet}.1`], [far, `${subnet}.2`]);
      const agent = startAgent(host, configuration(receiver.port));
      return { host, far, receiver, plug, agent };
    },
);

const send = (from: Namespace, peer: Cable) => flood(from, { to: nobody(peer.address), packets: PACKETS });

test("a new interface is tapped, and again after it was deleted and added", async ({ startUnplugged }) => {
  const { host, far, receiver, plug, agent } = await startUnplugged(
    "10.9.3",
    (port) => `sflow {
      agentIP = 10.9.3.1
      polling = 1
      collector { ip = 127.0.0.1 udpport = ${port} }
      pcap { dev = eth0 sampling = 1 }
      pcap { dev = nosuch0 sampling = 1 }
    }`,
  );
  const [first, firstPeer] = plug();
  await agent.taps(first.index);
  await send(far, firstPeer);
  expect((await samplesOf(receiver, first.index, PACKETS)).map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: PACKETS }, (_, i) => i + 1),
  );

  host.ip("link", "del", "eth0");
  const [second, secondPeer] = plug();
  await agent.taps(second.index);
  await send(far, secondPeer);
  const again = await samplesOf(receiver, second.index, PACKETS);
  expect(again.map(({ sequence }) => sequence)).toEqual(Array.from({ length: PACKETS }, (_, i) => i + 1));
  expect(again.every(({ input }) => input === second.index)).toBe(true);

  await expectEnd(agent);
  expect(
    agent
      .stdout()
      .concat(agent.stderr())
      .match(/nosuch0/g),
  ).toHaveLength(1);
});

test("a link that goes down and comes up is sampled as before", async ({ startUnplugged }) => {
  const { host, far, receiver, plug, agent } = await startUnplugged(
    "10.9.4",
    (port) => `sflow {
      agentIP = 10.9.4.1
      polling = 1
      collector { ip = 127.0.0.1 udpport = ${port} }
      pcap { dev = eth0 sampling = 1 }
    }`,
  );
  const [cable, peer] = plug();
  await agent.taps(cable.index);
  await send(far, peer);
  await samplesOf(receiver, cable.index, PACKETS);

  const link = (state: string) => host.ip("link", "set", "eth0", state);
  link("down");
  await receiver.until("counters that say down", (all) => states(all, cable.index).at(-1) === 0);
  link("up");
  await receiver.until("counters that say up", (all) => states(all, cable.index).at(-1) === 3);
  await agent.taps(cable.index);
  far.ip("neigh", "replace", nobody(peer.address), "lladdr", cable.mac, "dev", "eth0");
  await send(far, peer);
  const flows = await samplesOf(receiver, cable.index, 2 * PACKETS);
  expect(flows.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 2 * PACKETS }, (_, i) => i + 1));
  await expectEnd(agent);
});

/** ifStatus of each counters sample of the interface. */
const states = (all: readonly Datagram[], index: number): number[] =>
  all
    .flatMap(({ counters }) => counters)
    .flatMap((sample) => interfaceCounters(sample) ?? [])
    .flatMap((counters) => (counters.index === index ? counters.status : []));

/** Holds a tap device open, so that it has a carrier; python3 because Node has no ioctl. tun(4). */
const TAP = `
import fcntl, os, struct, time
tun = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tun, 0x400454ca, struct.pack("16sH22x", b"tap0", 0x1002))
print("made", flush=True)
time.sleep(600)
`;

test("a new speed sets a new rate, and each sample has the rate at which it was taken", async ({ startUnplugged }) => {
  const { host, receiver, agent } = await startUnplugged(
    "10.9.5",
    (port) => `sflow {
      agentIP = 10.9.5.1
      polling = 1
      sampling.100M = 1
      sampling.1G = 2
      collector { ip = 127.0.0.1 udpport = ${port} }
      pcap { dev = tap0 }
    }`,
  );
  const tap = start(host, ["python3", "-c", TAP]);
  await tap.says(/made/);
  const { ip } = host;
  const up = (speed: number) => {
    host.run("ethtool", "-s", "tap0", "speed", `${speed}`, "duplex", "full", "autoneg", "off");
    ip("link", "set", "tap0", "up");
    ip("neigh", "replace", "10.9.5.99", "lladdr", "02:00:00:00:00:99", "dev", "tap0", "nud", "permanent");
  };
  ip("address", "add", "10.9.5.1/24", "dev", "tap0");
  up(100);
  const index = Number(host.run("cat", "/sys/class/net/tap0/ifindex"));
  await agent.taps(index);
  await flood(host, { to: "10.9.5.99", packets: PACKETS });
  const before = await samplesOf(receiver, index, PACKETS);
  expect(before.every(({ rate }) => rate === 1)).toBe(true);

  ip("link", "set", "tap0", "down");
  up(1000);
  await until(
    "a sample at the new rate",
    async () => {
      await flood(host, { to: "10.9.5.99", packets: PACKETS });
      return receiver
        .datagrams()
        .flatMap(({ flows }) => flows)
        .some(({ rate }) => rate === 2);
    },
    { evidence: agent.stdout },
  );
  await expectEnd(agent);
  await tap.stop();
});
