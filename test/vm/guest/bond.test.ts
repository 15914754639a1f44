// Network cards in a bond with LACP and a VLAN on top: samples and counters of each, against what the kernel and ip(8)
// say. kernel: networking/bonding; IEEE 802.1AX, 802.1Q; sFlow LAG Port Statistics.

import { describe, expect } from "vitest";
import { type Child, start } from "../../e2e/child.ts";
import { run, sleep, until } from "../../e2e/command.ts";
import { test } from "../../e2e/fixture.ts";
import { flood, frameLength } from "../../e2e/flood.ts";
import type { Namespace } from "../../e2e/namespaces.ts";
import type { Receiver } from "../../e2e/receiver.ts";
import { type Counters, type Datagram, type Flow, INTERNAL, interfaceCounters, sampledHeader } from "../../e2e/walk.ts";
import { CABLES } from "../cables.ts";

const RATE = 10;
const PACKETS = 20_000;
const SIZE = 100;
const VLAN = 100;
const TAGGED = `bond0.${VLAN}`;
const NOBODY = "10.9.0.99";

interface Link {
  readonly ifname: string;
  readonly ifindex: number;
  readonly address: string;
  readonly stats64: Record<"rx" | "tx", { readonly bytes: number; readonly packets: number }>;
}

const links = (namespace: Namespace): Link[] => JSON.parse(namespace.ip("-j", "-d", "-s", "link", "show"));

const packets = (all: readonly Link[], name: string, way: "rx" | "tx"): number =>
  all.find(({ ifname }) => ifname === name)?.stats64[way].packets ?? 0;

/** Moves the cards with these addresses into the namespace and bonds them; `bond0.100` has the address. */
function bond(namespace: Namespace, cards: readonly string[], address: string): void {
  const { ip } = namespace;
  const lacp = ["mode", "802.3ad", "lacp_rate", "fast", "miimon", "100"];
  ip("link", "add", "bond0", "type", "bond", ...lacp);
  cards.forEach((mac, i) => {
    const card = (JSON.parse(run("ip", "-j", "link", "show")) as Link[]).find(({ address }) => address === mac);
    run("ip", "link", "set", card?.ifname ?? mac, "netns", namespace.name, "name", `card${i}`);
    ip("link", "set", `card${i}`, "master", "bond0");
  });
  ip("link", "set", "bond0", "up");
  ip("link", "add", "link", "bond0", "name", TAGGED, "type", "vlan", "id", `${VLAN}`);
  ip("address", "add", `${address}/24`, "dev", TAGGED);
  ip("link", "set", TAGGED, "up");
}

/** Parses /proc/net/bonding/bond0: the bond, and each member. */
function bonding(namespace: Namespace) {
  const [whole = "", ...members] = namespace.run("cat", "/proc/net/bonding/bond0").split("Slave Interface: ");
  const field = (text: string, name: string) => new RegExp(`${name}: (\\S+)`).exec(text)?.[1] ?? "";
  const side = (text: string, name: string) => text.split(`details ${name} lacp pdu`)[1] ?? "";
  return {
    system: field(whole, "System MAC address"),
    partner: field(whole, "Partner Mac Address"),
    members: members.map((text) => ({
      name: text.split("\n")[0] ?? "",
      actor: Number(field(side(text, "actor"), "port state")),
      partner: Number(field(side(text, "partner"), "port state")),
    })),
  };
}

/** Times of LACP messages as tcpdump saw them; M is a received multicast. Debian 12's ip(8) does not report them. */
function lacpMessages(text: string, member: string, direction: "M" | "Out"): number[] {
  return text
    .split("\n")
    .map((line) => line.split(/\s+/))
    .filter(([, device, way]) => device === member && way === direction)
    .map(([time]) => Number(time));
}

const colons = (bytes: Buffer) => bytes.toString("hex").replace(/(..)(?=.)/g, "$1:");

function lagPort(sample: Counters | undefined) {
  const record = sample?.records.get(7);
  if (record === undefined) return undefined;
  return {
    system: colons(record.subarray(0, 6)),
    partner: colons(record.subarray(8, 14)),
    bond: record.readUInt32BE(16),
    states: [...record.subarray(20, 24)],
    received: record.readUInt32BE(24),
    sent: record.readUInt32BE(44),
  };
}

describe("on Debian's kernel, a bond with LACP and a VLAN", () => {
  let host: Namespace;
  let far: Namespace;
  let receiver: Receiver;
  let flows: Flow[];
  let before: Link[];
  let after: Link[];
  let latest: (index: number) => (Counters & { time: number }) | undefined;
  let shown: ReturnType<typeof bonding>;
  let watch: Child;
  const indexOf = (name: string) => after.find(({ ifname }) => ifname === name)?.ifindex ?? -1;

  const countersOf = (all: readonly Datagram[], index: number) =>
    all
      .flatMap(({ time, counters }) => counters.map((sample) => ({ time, ...sample })))
      .filter(({ source }) => source === `0:${index}`);

  test.beforeAll(async ({ lab, startAgent, startReceiver }) => {
    host = lab.namespace();
    far = lab.namespace();
    watch = start(host, ["tcpdump", "-i", "any", "-n", "-l", "-tt", "ether", "proto", "0x8809"]);
    await watch.says(/listening/);
    const [near, other] = [0, 1].map((end) => CABLES.map((ends) => ends[end] as string)) as [string[], string[]];
    bond(host, near, "10.9.0.1");
    bond(far, other, "10.9.0.2");
    receiver = await startReceiver(host);
    await until("LACP", () => bonding(host).members.every(({ actor, partner }) => (actor & partner & 0x3c) === 0x3c), {
      seconds: 60,
      evidence: () => JSON.stringify(bonding(host)),
    });
    after = links(host);
    for (const [from, to] of [
      [host, far],
      [far, host],
    ] as const) {
      const peer = links(to).find(({ ifname }) => ifname === "bond0")?.address ?? "";
      const neighbour = [NOBODY, "lladdr", peer, "dev", TAGGED, "nud", "permanent"];
      from.ip("neigh", "replace", ...neighbour);
    }
    const agent = startAgent(
      host,
      `sflow {
        agentIP = 10.9.0.1
        polling = 1
        collector { ip = 127.0.0.1 udpport = ${receiver.port} }
        pcap { dev = bond0 sampling = ${RATE} }
        pcap { dev = ${TAGGED} sampling = ${RATE} }
      }`,
    );
    await agent.taps(indexOf("bond0"));
    await agent.taps(indexOf(TAGGED));
    before = links(host);
    await Promise.all([host, far].map((from) => flood(from, { to: NOBODY, packets: PACKETS, size: SIZE })));
    after = await until("the last packet", async () => {
      const now = links(host);
      await sleep(500);
      return packets(now, TAGGED, "rx") === packets(links(host), TAGGED, "rx") && now;
    });
    const vlan = indexOf(TAGGED);
    const now = (
      await receiver.until("counters after the last packet", (all) => {
        const last = countersOf(all, vlan).flatMap((sample) => interfaceCounters(sample) ?? []);
        return last.at(-1)?.inPackets === packets(after, TAGGED, "rx");
      })
    ).length;
    await receiver.until("a later round", (all) => all.length > now + 1);
    shown = bonding(host);
    const ended = await agent.stop();
    expect(ended, agent.stderr()).toEqual({ code: 0, signal: null });
    const all = receiver.datagrams();
    latest = (index) => countersOf(all, index).at(-1);
    flows = all.flatMap((datagram) => datagram.flows);
    await receiver.stop();
    await watch.stop();
  });

  const sampled = (name: string, inwards: boolean) =>
    flows.filter(({ source, input }) => source === `0:${indexOf(name)}` && (input === INTERNAL) !== inwards);

  test.each(["bond0", TAGGED])("%s: each direction is sampled within four standard deviations", (name) => {
    for (const [inwards, way] of [
      [true, "rx"],
      [false, "tx"],
    ] as const) {
      // On a busy machine emulated cards lose some; the kernel counts those that arrive.
      const offered = packets(after, name, way) - packets(before, name, way);
      expect(offered).toBeGreaterThan(PACKETS / 2);
      const difference = Math.abs(sampled(name, inwards).length - offered / RATE);
      expect(difference, way).toBeLessThan(4 * Math.sqrt((offered / RATE) * (1 - 1 / RATE)));
    }
  });

  test("a frame has its tag on the bond, and none on the VLAN", () => {
    for (const inwards of [true, false]) {
      for (const { frameLength: length, header } of sampled("bond0", inwards).map(sampledHeader)) {
        expect([length, header.toString("hex", 12, 18)]).toEqual([frameLength(SIZE) + 4, "810000640800"]);
      }
      for (const { frameLength: length, header } of sampled(TAGGED, inwards).map(sampledHeader)) {
        expect([length, header.toString("hex", 12, 14)]).toEqual([frameLength(SIZE), "0800"]);
      }
    }
  });

  test("members report their systems and states as the kernel does", () => {
    expect(shown.members.map(({ name }) => name)).toEqual(["card0", "card1"]);
    expect(shown.system).toBe(links(host).find(({ ifname }) => ifname === "bond0")?.address);
    for (const { name, actor, partner } of shown.members) {
      expect(lagPort(latest(indexOf(name))), name).toMatchObject({
        system: shown.system,
        partner: shown.partner,
        bond: indexOf("bond0"),
        // Sends a message every second, as configured; on Linux the partner has no settings.
        states: [0x07, actor, 0, partner],
      });
    }
  });

  test("members count the messages of LACP that tcpdump saw", () => {
    for (const name of ["card0", "card1"]) {
      const sample = latest(indexOf(name));
      const { received = -1, sent = -1 } = lagPort(sample) ?? {};
      for (const [value, direction] of [
        [received, "M"],
        [sent, "Out"],
      ] as const) {
        const times = lacpMessages(watch.stdout(), name, direction);
        const until = (time: number) => times.filter((each) => each <= time).length;
        const end = sample?.time ?? Number.NaN;
        expect(value, `${name} ${direction}`).toBeGreaterThanOrEqual(Math.max(5, until(end - 1)));
        expect(value, `${name} ${direction}`).toBeLessThanOrEqual(until(end));
      }
    }
  });

  test("type, speed and counters of each interface are those that ip(8) shows", () => {
    const kinds = { card0: 6, card1: 6, bond0: 161, [TAGGED]: 135 };
    for (const [name, kind] of Object.entries(kinds)) {
      const record = latest(indexOf(name))?.records.get(1);
      const speed = Number(host.run("cat", `/sys/class/net/${name}/speed`));
      expect([record?.readUInt32BE(4), Number(record?.readBigUInt64BE(8))], name).toEqual([kind, speed * 1e6]);
    }
    const vlan = after.find(({ ifname }) => ifname === TAGGED);
    const sample = latest(vlan?.ifindex ?? -1);
    expect(sample && interfaceCounters(sample)).toMatchObject({
      inOctets: vlan?.stats64.rx.bytes,
      inPackets: vlan?.stats64.rx.packets,
      outOctets: vlan?.stats64.tx.bytes,
      outPackets: vlan?.stats64.tx.packets,
    });
  });
});
