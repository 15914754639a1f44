// Packet sockets on real interfaces: samples are the packets that passed, no more and no less.

import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import type { CaptureEngine, Tap, TapOptions } from "../../agent/capture/engine.ts";
import { OWN_TRAFFIC_MARK, OwnTraffic } from "../../agent/capture/own-traffic.ts";
import { makePacketSocketEngine } from "../../agent/capture/packet-socket.ts";
import { makeLinuxHost } from "../../agent/host/linux.ts";
import { inetAddress } from "../../agent/sockets/socket-address.ts";
import { AF_INET, SOCK_DGRAM } from "../../agent/sockets/socket-constants.ts";
import { captureContract, frames, numbered, numberOf, Recorder, type Stage } from "../contract/capture.ts";
import { hex, ipv4, ipv6, tcp } from "../packet/frames.ts";
import { sleep, until } from "./command.ts";
import { type Cable, connect, makeLab, type Namespace } from "./namespaces.ts";
import { openSender, quiet, sendInTurns } from "./traffic.ts";
import { openTun } from "./tun.ts";

const host = makeLinuxHost();
const { sockets } = host;
const lab = makeLab();
const here = lab.namespace();
const there = lab.namespace();
const [near, far] = connect("cap0", [here, "10.9.7.1"], [there, "10.9.7.2"]);
const taps: Tap[] = [];
const own = new OwnTraffic();

/** An engine whose sockets hear the interfaces of `namespace`. */
const engineIn = ({ path }: Namespace) =>
  makePacketSocketEngine(
    {
      ...host,
      sockets: { ...sockets, socket: (domain, type, protocol) => sockets.socket(domain, type, protocol, path) },
    },
    own,
  );
const engine = engineIn(there);
const nearEngine = engineIn(here);

afterAll(() => {
  for (const tap of taps) tap.close();
  lab.remove();
});

const macOf = ({ mac }: Cable): string => mac.replaceAll(":", "");
const optionsOf = ({ index }: Cable, more: Partial<TapOptions> = {}): TapOptions => ({
  index,
  name: "cap0",
  hardwareType: 1,
  samplingRate: 1,
  headerBytes: 128,
  promiscuous: false,
  ...more,
});

/** Taps the end where frames arrive, by default. */
function tapped(more: Partial<TapOptions> = {}, [from, cable]: [CaptureEngine, Cable] = [engine, far]) {
  const recorder = new Recorder();
  const tap = recorder.open(from, optionsOf(cable, more));
  taps.push(tap);
  const sender = openSender(sockets, here.path, near.index);
  return { recorder, tap, sender };
}

const stage: Stage = {
  engine,
  options: optionsOf(far),
  now: () => Date.now() / 1000,
  async play(options, sent) {
    const { recorder, tap, sender } = tapped(options);
    await sendInTurns(sender, sent);
    await quiet(recorder);
    tap.close();
    sender.close();
    return { recorder, tap };
  },
};

captureContract("packet-socket on a cable", () => stage);

describe("a packet socket", () => {
  it("tells received packets from sent ones, and reports to whom they are addressed", async () => {
    const sent = [macOf(far), "0a0000000099", "ffffffffffff", "01005e000001"].map((mac, i) => numbered(i, 60, mac));
    const arriving = tapped();
    const leaving = tapped({}, [nearEngine, near]);
    arriving.sender.send(sent);
    await quiet(leaving.recorder);
    expect(arriving.recorder.seen.map(({ packetType }) => packetType)).toEqual([0, 3, 1, 2]);
    expect(leaving.recorder.seen.map(({ packetType }) => packetType)).toEqual([4, 4, 4, 4]);
    arriving.tap.close();
    leaving.tap.close();
  });

  it("hands over the VLAN tag that the kernel removed, and the length without it", async () => {
    const untagged = numbered(7, 80);
    const tagged = new Uint8Array([...untagged.subarray(0, 12), 0x81, 0x00, 0x60, 0x05, ...untagged.subarray(12)]);
    const { recorder, tap, sender } = tapped();
    sender.send([tagged, untagged]);
    await quiet(recorder);
    expect(recorder.seen).toMatchObject([
      { vlan: { tci: 0x6005, tpid: 0x8100 }, wireLength: 80 },
      { vlan: undefined, wireLength: 80 },
    ]);
    expect(Buffer.from(recorder.seen[0]?.bytes ?? []).equals(untagged)).toBe(true);
    tap.close();
  });

  it("hands over queued packets at the old rate when the rate changes", async () => {
    const { recorder, tap, sender } = tapped();
    sender.send(frames(1000));
    tap.setSamplingRate(10);
    sender.send(frames(8000).map((_, i) => numbered(1000 + i)));
    await quiet(recorder);
    tap.setSamplingRate(1);
    sender.send(frames(1000).map((_, i) => numbered(9000 + i)));
    await quiet(recorder);
    const at = (rate: number) =>
      recorder.seen.filter(({ samplingRate }) => samplingRate === rate).map(({ bytes }) => numberOf(bytes));
    const everyOne = at(1);
    expect(everyOne).toEqual([...Array.from({ length: 1000 }, (_, i) => i), ...everyOne.slice(1000)]);
    expect(everyOne.slice(1000)).toEqual(Array.from({ length: 1000 }, (_, i) => 9000 + i));
    expect(at(10).every((number) => number >= 1000 && number < 9000)).toBe(true);
    expect(at(10).length).toBeGreaterThan(800 - 150);
    expect(at(10).length).toBeLessThan(800 + 150);
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

  it("does not sample the agent's own datagrams where they leave, and samples packets that others have marked", async () => {
    const leaving = tapped({}, [nearEngine, near]);
    const marked = openSender(sockets, here.path, near.index, OWN_TRAFFIC_MARK);
    const fd = sockets.socket(AF_INET, SOCK_DGRAM, 0, here.path);
    own.exempt(sockets, fd, Uint8Array.of(10, 9, 7, 2));
    const datagram = new Uint8Array(200);
    datagram[3] = 5;
    const send = () =>
      sockets.send(
        fd,
        datagram,
        Uint32Array.of(0),
        Uint32Array.of(200),
        0,
        1,
        inetAddress(Uint8Array.of(10, 9, 7, 2), 9),
      );
    for (let i = 0; i < 5; i++) expect(send()).toBe(1);
    marked.send(frames(10));
    await quiet(leaving.recorder);
    // The other end answers that nobody listens at the port: these packets are numbered -1.
    const numbers = leaving.recorder.numbers.filter((number) => number >= 0);
    expect(numbers).toEqual(Array.from({ length: 10 }, (_, i) => i));
    leaving.tap.close();
    sockets.close(fd);
  });

  it("samples a packet of the loopback once", async () => {
    const recorder = new Recorder();
    const tap = recorder.open(nearEngine, optionsOf(near, { index: 1, name: "lo", hardwareType: 772 }));
    openSender(sockets, here.path, 1).send(frames(20));
    await quiet(recorder);
    expect(recorder.numbers).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(recorder.seen.every(({ packetType, hardwareType }) => packetType !== 4 && hardwareType === 772)).toBe(true);
    tap.close();
  });

  it("samples bare IP packets of a tun interface, in and out", async () => {
    const arriving = [hex(ipv4("06"), tcp(1, 2)), hex(ipv6("06"), tcp(3, 4))];
    const tun = await openTun(here, "capt0", arriving);
    const recorder = new Recorder();
    const tap = recorder.open(nearEngine, optionsOf(near, { index: tun.index, name: "capt0", hardwareType: 65534 }));
    here.ip("address", "add", "10.9.8.1/24", "dev", "capt0");
    tun.play();
    await until("two packets", () => recorder.seen.filter(({ packetType }) => packetType !== 4).length === 2);
    const received = recorder.seen.filter(({ packetType }) => packetType !== 4);
    expect(received.map(({ bytes }) => Buffer.from(bytes).toString("hex"))).toEqual(
      arriving.map((packet) => Buffer.from(packet).toString("hex")),
    );
    expect(received.every(({ hardwareType }) => hardwareType === 65534)).toBe(true);
    here.run("sh", "-c", "ping -c1 -W1 10.9.8.2 >/dev/null || true");
    const sent = await until("a packet sent", () => recorder.seen.find(({ packetType }) => packetType === 4));
    expect([sent.bytes[0], sent.wireLength]).toEqual([0x45, 84]);
    tap.close();
    await tun.close();
  });

  it("makes its interface promiscuous while it is open", async () => {
    const promiscuity = () => /promiscuity (\d+)/.exec(there.ip("-d", "link", "show", "cap0"))?.[1];
    const { tap } = tapped({ promiscuous: true });
    expect(promiscuity()).toBe("1");
    tap.close();
    expect(promiscuity()).toBe("0");
  });

  it("returns its memory", () => {
    const rings = () =>
      readFileSync("/proc/self/maps", "utf8")
        .split("\n")
        .filter((line) => line.includes("socket:")).length;
    const before = rings();
    const { tap } = tapped();
    expect(rings()).toBe(before + 1);
    tap.setSamplingRate(100_000);
    expect(rings()).toBe(before + 1);
    tap.close();
    expect(rings()).toBe(before);
  });
});

describe("an interface", () => {
  it("that goes down and up is sampled again", async () => {
    const { recorder, tap, sender } = tapped();
    there.ip("link", "set", "cap0", "down");
    await sleep(30);
    there.ip("link", "set", "cap0", "up");
    await until("the cable", () => here.ip("link", "show", "cap0").includes("LOWER_UP"));
    sender.send([numbered(1)]);
    await until("a packet", () => recorder.numbers.includes(1));
    expect(recorder.ends).toEqual([]);
    tap.close();
  });

  it("that is deleted ends its tap, and its successor can be tapped", async () => {
    const [a, b] = connect("cap1", [here, "10.9.9.1"], [there, "10.9.9.2"]);
    const first = new Recorder();
    first.open(engine, optionsOf(b));
    openSender(sockets, here.path, a.index).send(frames(3));
    there.ip("link", "del", "cap1");
    await until("the end", () => first.ends.length > 0);
    expect(first.ends).toEqual(["the interface was removed"]);
    expect(first.numbers).toEqual([0, 1, 2]);
    expect(() => new Recorder().open(engine, optionsOf(b))).toThrow(/ENODEV.*the interface does not exist/);
    const [c, d] = connect("cap1", [here, "10.9.9.1"], [there, "10.9.9.2"]);
    const second = new Recorder();
    const tap = second.open(engine, optionsOf(d));
    openSender(sockets, here.path, c.index).send(frames(3));
    await until("packets", () => second.numbers.length === 3);
    tap.close();
  });
});
