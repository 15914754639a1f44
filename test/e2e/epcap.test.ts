// Taps of BPF on real interfaces: samples are the packets that passed, no more and no less. The tapped ends of the
// cables are in the namespace of the test, because a program is attached where its process is.

import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import type { Tap, TapOptions } from "../../agent/capture/engine.ts";
import { makeEpcapEngine } from "../../agent/capture/epcap/epcap.ts";
import { OWN_TRAFFIC_MARK, OwnTraffic } from "../../agent/capture/own-traffic.ts";
import { makeLinuxHost } from "../../agent/host/linux.ts";
import { inetAddress } from "../../agent/sockets/socket-address.ts";
import { AF_INET, SOCK_DGRAM } from "../../agent/sockets/socket-constants.ts";
import { captureContract, frames, numbered, numberOf, Recorder, type Stage } from "../contract/capture.ts";
import { hex, ipv4, ipv6, tcp } from "../packet/frames.ts";
import { run, sleep, tryRun, until } from "./command.ts";
import { indexOf, layCable, links, MAC, CABLE as NAME, openCounter } from "./epcap-cable.ts";
import { makeLab } from "./namespaces.ts";
import { openSender, quiet, sendInTurns } from "./traffic.ts";
import { openTun } from "./tun.ts";

const TUN = "hsfepcap1";

const host = makeLinuxHost();
const { sockets } = host;
const lab = makeLab();
const there = lab.namespace();
const taps: Tap[] = [];
const own = new OwnTraffic();
const engine = makeEpcapEngine(host, own);
layCable(there);

afterAll(() => {
  for (const tap of taps) tap.close();
  tryRun("ip", "link", "del", NAME);
  lab.remove();
});

const optionsOf = (more: Partial<TapOptions> = {}): TapOptions => ({
  index: indexOf(NAME),
  name: NAME,
  hardwareType: 1,
  samplingRate: 1,
  headerBytes: 128,
  promiscuous: false,
  ...more,
});

function tapped(more: Partial<TapOptions> = {}) {
  const recorder = new Recorder();
  const tap = recorder.open(engine, optionsOf(more));
  taps.push(tap);
  const sender = openSender(sockets, there.path, Number(there.run("cat", `/sys/class/net/${NAME}/ifindex`)));
  return { recorder, tap, sender };
}

const stage: Stage = {
  engine,
  options: optionsOf(),
  now: () => Date.now() / 1000,
  async play(options, sent) {
    const { recorder, tap, sender } = tapped({ ...options, index: indexOf(NAME) });
    await sendInTurns(sender, sent);
    await quiet(recorder);
    tap.close();
    sender.close();
    return { recorder, tap };
  },
};

captureContract("epcap on a cable", () => stage);

describe("a tap of BPF", () => {
  it("tells received packets from sent ones, and reports to whom they are addressed", async () => {
    const { recorder, tap, sender } = tapped();
    const macs = [MAC, "0a0000000099", "ffffffffffff", "01005e000001"];
    sender.send(macs.map((mac, i) => numbered(i, 60, mac)));
    await quiet(recorder);
    const leaving = openSender(sockets, undefined, indexOf(NAME));
    leaving.send(macs.map((mac, i) => numbered(i, 60, mac)));
    await quiet(recorder);
    expect(recorder.seen.map(({ packetType }) => packetType)).toEqual([0, 3, 1, 2, 4, 4, 4, 4]);
    tap.close();
  });

  it("puts a VLAN tag back that the kernel removed, in and out", async () => {
    const untagged = numbered(7, 80);
    const tagged = new Uint8Array([...untagged.subarray(0, 12), 0x81, 0x00, 0x60, 0x05, ...untagged.subarray(12)]);
    const { recorder, tap, sender } = tapped();
    sender.send([tagged, untagged]);
    await quiet(recorder);
    expect(recorder.seen.map(({ bytes, wireLength, vlan }) => [Buffer.from(bytes), wireLength, vlan])).toEqual([
      [Buffer.from(tagged), 84, undefined],
      [Buffer.from(untagged), 80, undefined],
    ]);
    tap.close();
  });

  it("changes the rate and the header in the running programs, and labels each sample with its rate", async () => {
    const { recorder, tap, sender } = tapped();
    const before = links();
    sender.send(frames(1000));
    tap.setSamplingRate(10);
    await sendInTurns(
      sender,
      frames(8000).map((_, i) => numbered(1000 + i)),
    );
    await quiet(recorder);
    tap.setSamplingRate(1);
    tap.setHeaderBytes(256);
    sender.send(frames(1000).map((_, i) => numbered(9000 + i, 300)));
    await quiet(recorder);
    const at = (rate: number) =>
      recorder.seen.filter(({ samplingRate }) => samplingRate === rate).map(({ bytes }) => numberOf(bytes));
    const everyOne = at(1);
    expect(everyOne.slice(0, 1000)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(everyOne.slice(1000)).toEqual(Array.from({ length: 1000 }, (_, i) => 9000 + i));
    expect(at(10).every((number) => number >= 1000 && number < 9000)).toBe(true);
    expect(Math.abs(at(10).length - 800)).toBeLessThan(150);
    expect(recorder.seen.at(-1)?.bytes.length).toBe(256);
    expect(links()).toEqual(before);
    tap.close();
  });

  it("counts each loss once", async () => {
    const { recorder, tap, sender } = tapped();
    sender.send(frames(45_000));
    await quiet(recorder);
    sender.send([numbered(99_999)]);
    await quiet(recorder);
    expect(recorder.numbers.at(-1)).toBe(99_999);
    expect(recorder.drops).toBeGreaterThan(7000);
    expect(recorder.seen.length + recorder.drops).toBe(45_001);
    expect(tap.counters.drops).toBe(recorder.drops);
    tap.close();
  });

  it("does not sample the agent's own datagrams where they leave, but packets that others have marked", async () => {
    const { recorder, tap } = tapped();
    const marked = openSender(sockets, undefined, indexOf(NAME), OWN_TRAFFIC_MARK);
    const fd = sockets.socket(AF_INET, SOCK_DGRAM, 0);
    own.exempt(sockets, fd, Uint8Array.of(10, 9, 17, 2));
    const send = (length: number) => {
      const datagram = new Uint8Array(length);
      datagram[3] = 5;
      const to = inetAddress(Uint8Array.of(10, 9, 17, 2), 9);
      return sockets.send(fd, datagram, Uint32Array.of(0), Uint32Array.of(length), 0, 1, to);
    };
    for (const length of [200, 1400, 4000, 200, 9000]) expect(send(length)).toBe(1);
    marked.send(frames(10));
    await quiet(recorder);
    expect(recorder.numbers).toEqual(Array.from({ length: 10 }, (_, i) => i));
    tap.close();
    sockets.close(fd);
  });

  it("lets programs of others go on, before and after it at the same hook", async () => {
    const others = [openCounter(sockets, indexOf(NAME))];
    const { recorder, tap, sender } = tapped();
    others.push(openCounter(sockets, indexOf(NAME)));
    sender.send(frames(500));
    await quiet(recorder);
    expect(recorder.numbers.length).toBe(500);
    tap.close();
    sender.send(frames(100));
    await sleep(50);
    expect(others.map(({ count }) => count())).toEqual([600, 600]);
    for (const other of others) other.close();
  });

  it("samples a packet of the loopback once", async () => {
    const recorder = new Recorder();
    const tap = recorder.open(engine, optionsOf({ index: 1, name: "lo", hardwareType: 772 }));
    openSender(sockets, undefined, 1).send(frames(20));
    await quiet(recorder);
    const seen = recorder.seen.filter(({ bytes }) => numberOf(bytes) >= 0);
    expect(seen.map(({ bytes }) => numberOf(bytes))).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(seen.every(({ packetType, hardwareType }) => packetType !== 4 && hardwareType === 772)).toBe(true);
    tap.close();
  });

  it("samples bare IP packets of a tun interface, in and out", async () => {
    const arriving = [hex(ipv4("06"), tcp(1, 2)), hex(ipv6("06"), tcp(3, 4))];
    const tun = await openTun({ ...there, command: (...words) => words as [string], run }, TUN, arriving);
    const recorder = new Recorder();
    const tap = recorder.open(engine, optionsOf({ index: tun.index, name: TUN, hardwareType: 65534 }));
    run("ip", "address", "add", "10.9.18.1/24", "dev", TUN);
    tun.play();
    const received = () => recorder.seen.filter(({ packetType }) => packetType !== 4);
    await until("two packets", () => received().length === 2);
    expect(received().map(({ bytes }) => Buffer.from(bytes).toString("hex"))).toEqual(
      arriving.map((packet) => Buffer.from(packet).toString("hex")),
    );
    run("sh", "-c", "ping -c1 -W1 10.9.18.2 >/dev/null || true");
    const isEcho = ({ packetType, bytes }: { packetType: number; bytes: Uint8Array }) =>
      packetType === 4 && bytes[0] === 0x45;
    const sent = await until("a packet sent", () => recorder.seen.find(isEcho));
    expect(sent.wireLength).toBe(84);
    tap.close();
    await tun.close();
  });

  it("makes its interface promiscuous while it is open", async () => {
    const promiscuity = () => /promiscuity (\d+)/.exec(run("ip", "-d", "link", "show", NAME))?.[1];
    const { tap } = tapped({ promiscuous: true });
    expect(promiscuity()).toBe("1");
    tap.close();
    await until("the end", () => promiscuity() === "0");
  });

  it("returns its memory and detaches its programs, also if it cannot be opened", async () => {
    const rings = () => [...readFileSync("/proc/self/maps", "utf8").matchAll(/bpf/g)].length;
    const { tap } = tapped();
    expect([rings(), links().length]).toEqual([4, 2]);
    tap.close();
    expect(rings()).toBe(0);
    expect(() => tapped({ index: 99_999, name: "none0" })).toThrow(
      "epcap: none0: the interface does not exist; ENODEV",
    );
    await until("no links", () => links().length === 0);
  });
});

describe("an interface", () => {
  it("that goes down and up is sampled again", async () => {
    const { recorder, tap, sender } = tapped();
    run("ip", "link", "set", NAME, "down");
    await sleep(30);
    run("ip", "link", "set", NAME, "up");
    await until("the cable", () => there.ip("link", "show", NAME).includes("LOWER_UP"));
    sender.send([numbered(1)]);
    await until("a packet", () => recorder.numbers.includes(1));
    tap.close();
    run("ip", "neigh", "replace", "10.9.17.2", "lladdr", "02:00:00:00:00:01", "dev", NAME);
  });

  it("that is deleted can be tapped again, and its last samples are handed over", async () => {
    const { recorder, tap, sender } = tapped();
    sender.send(frames(3));
    run("ip", "link", "del", NAME);
    tap.close();
    expect(recorder.numbers).toEqual([0, 1, 2]);
    layCable(there);
    const again = tapped();
    again.sender.send(frames(3));
    await until("packets", () => again.recorder.numbers.length === 3);
    again.tap.close();
  });
});
