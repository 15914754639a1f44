// Tests which packets the filters accept. A simulated machine runs the filters like the kernel.

import { describe, expect, it } from "vitest";
import { dropAllProgram, samplingProgram } from "../../agent/capture/bpf.ts";
import { OWN_TRAFFIC_MARK, type OwnEndpoint } from "../../agent/capture/own-traffic.ts";
import { runFilter } from "./bpf-machine.ts";

const RECEIVED = { packetType: 0, mark: 0, random: 12345 };
const [ETHERNET, LOOPBACK, NONE] = [1, 772, 65534];
const EVERY = { samplingRate: 1, headerBytes: 128, hardwareType: ETHERNET };

describe("sampling program", () => {
  it("passes the header of every packet at 1-in-1, for any random number", () => {
    const program = samplingProgram(EVERY, []);
    for (const random of [0, 1, 0xffff_ffff]) expect(runFilter(program, { ...RECEIVED, random })).toBe(128);
    expect(program.length).toBe(2 * 8);
  });

  it("passes one value in N of the random number, with and without sockets of the agent", () => {
    for (const own of [[], [FOUR]]) {
      const program = samplingProgram({ samplingRate: 400, headerBytes: 64, hardwareType: ETHERNET }, own);
      const passed = Array.from({ length: 4000 }, (_, random) => runFilter(program, { ...RECEIVED, random }));
      expect(passed.filter((bytes) => bytes === 64).length).toBe(10);
      expect(passed.filter((bytes) => bytes === 0).length).toBe(3990);
    }
  });

  it("passes a packet on the loopback interface once, as received", () => {
    const sent = { ...RECEIVED, packetType: 4, random: 0 };
    const passed = (samplingRate: number, hardwareType: number) =>
      runFilter(samplingProgram({ samplingRate, headerBytes: 128, hardwareType }, []), sent);
    expect([passed(1, LOOPBACK), passed(10, LOOPBACK), passed(10, ETHERNET)]).toEqual([0, 0, 128]);
  });
});

const HERE4 = [10, 0, 0, 1];
const HERE6 = [0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
const FOUR: OwnEndpoint = { port: 40_000, destination: Uint8Array.of(192, 0, 2, 7) };
const SIX: OwnEndpoint = {
  port: 40_001,
  destination: Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7),
};

interface Given {
  readonly port?: number;
  readonly destination?: Uint8Array;
  readonly protocol?: number;
  /** "More fragments" and the offset. */
  readonly fragment?: number;
  readonly version?: number;
  /** Bytes before the IP header. */
  readonly link?: readonly number[];
  readonly payload?: number;
}

const half = (value: number): number[] => [value >> 8, value & 0xff];
const MACS = new Array<number>(12).fill(2);
const udp = (port: number, version: number, payload: number): number[] => [
  ...[...half(port), ...half(6343), 0, 0, 0, 0],
  ...[0, 0, 0, version, ...new Array<number>(payload).fill(0)],
];

function ipv4(given: Given = {}): Uint8Array {
  const { port = FOUR.port, destination = FOUR.destination, protocol = 17, fragment = 0, version = 5 } = given;
  const header = [0x45, 0, 0, 0, 0, 0, ...half(fragment), 64, protocol, 0, 0, ...HERE4, ...destination];
  const { link = [...MACS, 8, 0], payload = 60 } = given;
  return Uint8Array.from([...link, ...header, ...udp(port, version, payload)]);
}

function ipv6(given: Given = {}): Uint8Array {
  const { port = SIX.port, destination = SIX.destination, protocol = 17, fragment, version = 5 } = given;
  const next = fragment === undefined ? protocol : 44;
  const header = [0x60, 0, 0, 0, 0, 0, next, 64, ...HERE6, ...destination];
  const extension = fragment === undefined ? [] : [protocol, 0, ...half(fragment), 0, 0, 0, 9];
  const { link = [...MACS, 0x86, 0xdd], payload = 60 } = given;
  return Uint8Array.from([...link, ...header, ...extension, ...udp(port, version, payload)]);
}

const isSampled = (packet: Uint8Array, context: object = {}, hardwareType = ETHERNET, own = [FOUR, SIX]): boolean => {
  const program = samplingProgram({ ...EVERY, hardwareType }, own);
  return runFilter(program, { ...RECEIVED, mark: OWN_TRAFFIC_MARK, ...context }, packet) > 0;
};

const TAG = [...MACS, 0x81, 0, 0, 7];

describe("the agent's own datagrams", () => {
  it.each([
    ["IPv4", ipv4()],
    ["IPv6", ipv6()],
    ["IPv4 behind a VLAN tag", ipv4({ link: [...TAG, 8, 0] })],
    ["IPv6 behind a VLAN tag", ipv6({ link: [...TAG, 0x86, 0xdd] })],
    ["the first fragment of IPv4", ipv4({ fragment: 0x2000 })],
    ["another fragment of IPv4", ipv4({ fragment: 100, port: 1, version: 9 })],
    ["a fragment of IPv6", ipv6({ fragment: 800, port: 1, version: 9 })],
    ["a last fragment of one byte", ipv4({ fragment: 100 }).subarray(0, 35)],
    ["a last fragment of one byte of IPv6", ipv6({ fragment: 800 }).subarray(0, 63)],
    ["a last fragment of one byte behind a VLAN tag", ipv4({ link: [...TAG, 8, 0], fragment: 100 }).subarray(0, 39)],
  ])("are not sampled: %s", (_, packet) => {
    expect(isSampled(packet)).toBe(false);
    expect(isSampled(packet, {}, LOOPBACK)).toBe(false);
  });

  it("are not sampled on an interface without Ethernet headers", () => {
    expect(isSampled(ipv4({ link: [] }), { protocol: 0x0800 }, NONE)).toBe(false);
    expect(isSampled(ipv6({ link: [] }), { protocol: 0x86dd }, NONE)).toBe(false);
  });

  it("are dropped before the draw", () => {
    const program = samplingProgram({ ...EVERY, samplingRate: 2 }, [FOUR]);
    const passed = (packet: Uint8Array, random: number) =>
      runFilter(program, { ...RECEIVED, mark: OWN_TRAFFIC_MARK, random }, packet);
    expect([passed(ipv4(), 0), passed(ipv4({ port: 9 }), 0), passed(ipv4({ port: 9 }), 1)]).toEqual([0, 128, 0]);
  });
});

describe("marked packets of others are sampled", () => {
  it.each([
    ["another port", ipv4({ port: 40_002 })],
    ["another port of IPv6", ipv6({ port: FOUR.port })],
    ["a port of the agent's, but no sFlow", ipv4({ version: 4 })],
    ["TCP", ipv4({ protocol: 6 })],
    ["ICMP", ipv4({ protocol: 1 })],
    ["ICMPv6", ipv6({ protocol: 58 })],
    ["a fragment to another host", ipv4({ fragment: 100, destination: Uint8Array.of(192, 0, 2, 8) })],
    ["a fragment of TCP", ipv4({ fragment: 100, protocol: 6 })],
    ["a fragment of IPv6 to another host", ipv6({ fragment: 8, destination: Uint8Array.from([...HERE6]) })],
    ["a fragment of IPv6 and TCP", ipv6({ fragment: 8, protocol: 6 })],
    ["ARP", Uint8Array.from([...MACS, 8, 6, ...new Array<number>(100).fill(0x45)])],
  ])("%s", (_, packet) => expect(isSampled(packet)).toBe(true));

  it.each([0, 1, 13, 14, 33, 42, 45])("a packet of %i bytes", (length) => {
    for (const packet of [ipv4(), ipv6(), ipv4({ link: TAG })])
      expect(isSampled(packet.subarray(0, length))).toBe(true);
  });

  it("without a socket of the agent, or without one of that family", () => {
    expect(isSampled(ipv4(), {}, ETHERNET, [])).toBe(true);
    expect(isSampled(ipv4(), {}, ETHERNET, [SIX])).toBe(true);
    expect(isSampled(ipv6(), {}, ETHERNET, [FOUR])).toBe(true);
  });
});

it("samples packets from the agent's ports that have another mark", () => {
  for (const mark of [0, 1, OWN_TRAFFIC_MARK + 0x100]) expect(isSampled(ipv4(), { mark })).toBe(true);
});

it("recognizes a hundred sockets within the kernel's limit of 4096 instructions", () => {
  const many = Array.from({ length: 50 }, (_, i) => [
    { ...FOUR, port: 1000 + i },
    { ...SIX, port: 2000 + i },
  ]).flat();
  expect(samplingProgram(EVERY, many).length / 8).toBeLessThan(4096);
  expect([
    isSampled(ipv4({ port: 1049 }), {}, ETHERNET, many),
    isSampled(ipv6({ port: 2049 }), {}, ETHERNET, many),
  ]).toEqual([false, false]);
});

describe("drop-all program", () => {
  it("passes nothing", () => expect(runFilter(dropAllProgram(), RECEIVED)).toBe(0));
});
