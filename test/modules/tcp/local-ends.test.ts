// Finds the socket that a packet belongs to by addresses, direction, and the interface where the packet was sampled.

import { describe, expect, it } from "vitest";
import { LocalEnds, type Tap } from "../../../agent/modules/tcp/local-ends.ts";
import { putAddress } from "../../../agent/packet/flow-key.ts";
import { AF_INET, AF_INET6 } from "../../../agent/sockets/socket-constants.ts";

const HOST = 0;
const [WEB, DB, FAR, TWIN] = [1, 2, 3, 4];
const [ETH0, DOCKER0, VETH_WEB, LO] = [2, 3, 4, 1];

const v4 = (text: string) => Uint8Array.from(text.split(".").map(Number));
const v6 = (hex: string) => Uint8Array.from(Buffer.from(hex.padStart(32, "0"), "hex"));

const ends = new LocalEnds();
ends.add(HOST, v4("192.0.2.1"), ETH0);
ends.add(HOST, v4("172.17.0.1"), DOCKER0);
ends.add(HOST, v4("127.0.0.1"), LO);
for (const device of [LO, ETH0, DOCKER0]) ends.add(HOST, v6("fe800000000000000000000000000001"), device);
ends.add(WEB, v4("172.17.0.2"), 20);
ends.add(DB, v4("172.17.0.3"), 21);
ends.add(FAR, v4("10.1.0.1"), 22);
ends.add(WEB, v4("127.0.0.1"), 1);
for (const slot of [WEB, TWIN]) ends.add(slot, v4("172.18.0.9"), 30);

const tap = (interfaceIndex: number, attached: readonly number[] = [], more: Partial<Tap> = {}): Tap => ({
  ...{ interfaceIndex, master: 0, bridge: false, vrf: false, own: HOST, attached: new Set(attached) },
  ...more,
});
const eth0 = tap(ETH0);
const bridge = tap(DOCKER0, [WEB, DB], { bridge: true });
const veth = tap(VETH_WEB, [WEB], { master: DOCKER0 });
const lo = tap(LO);

/** Returns `slot direction`, or undefined if neither end is on this host. */
function whose(at: Tap, direction: number, source: string, destination: string): string | undefined {
  const key = new Uint32Array(10);
  putAddress(key, 0, v4(source), 0, 4);
  putAddress(key, 4, v4(destination), 0, 4);
  const end = ends.resolve(at, direction, AF_INET, key, 0);
  return end.slot < 0 ? undefined : `${end.slot} ${["unknown", "received", "sent"][end.direction]}`;
}

const [UNKNOWN, RECEIVED, SENT] = [0, 1, 2];
const OUTSIDE = "203.0.113.5";

describe("at the host's own interface", () => {
  it.each([
    [SENT, "192.0.2.1", OUTSIDE, `${HOST} sent`],
    [RECEIVED, OUTSIDE, "192.0.2.1", `${HOST} received`],
    [UNKNOWN, OUTSIDE, "192.0.2.1", `${HOST} received`],
    [SENT, OUTSIDE, "203.0.113.6", undefined],
    [SENT, "172.17.0.1", OUTSIDE, `${HOST} sent`],
  ])("direction %i, %s -> %s: %s", (direction, source, destination, expected) => {
    expect(whose(eth0, direction, source, destination)).toBe(expected);
  });

  it("finds a container whose traffic is routed there, but none of two with the same address", () => {
    expect(whose(eth0, SENT, "10.1.0.1", OUTSIDE)).toBe(`${FAR} sent`);
    expect(whose(eth0, RECEIVED, OUTSIDE, "10.1.0.1")).toBe(`${FAR} received`);
    expect(whose(eth0, SENT, "172.18.0.9", OUTSIDE)).toBe(undefined);
  });
});

describe("between two addresses of the host", () => {
  it.each([
    ["127.0.0.1", "127.0.0.1"],
    ["127.0.0.2", "127.9.9.9"],
    ["192.0.2.1", "172.17.0.1"],
  ])("%s -> %s belongs to the sender's socket when sent, to the receiver's when received", (source, destination) => {
    expect(whose(lo, SENT, source, destination)).toBe(`${HOST} sent`);
    expect(whose(lo, RECEIVED, source, destination)).toBe(`${HOST} received`);
    expect(whose(lo, UNKNOWN, source, destination)).toBe(`${HOST} sent`);
  });
});

describe("at a bridge or a veth", () => {
  it.each([
    ["from a container to the world", RECEIVED, "172.17.0.2", OUTSIDE, `${WEB} sent`],
    ["from the world to a container", SENT, OUTSIDE, "172.17.0.2", `${WEB} received`],
    ["from a container to the host", RECEIVED, "172.17.0.2", "172.17.0.1", `${WEB} sent`],
    ["from the host to a container", SENT, "172.17.0.1", "172.17.0.2", `${WEB} received`],
    ["from a container to an address of the host elsewhere", RECEIVED, "172.17.0.2", "192.0.2.1", `${WEB} sent`],
  ])("%s", (_, direction, source, destination, expected) => {
    expect(whose(bridge, direction, source, destination)).toBe(expected);
    expect(whose(veth, direction, source, destination)).toBe(expected);
  });

  it("between two containers, finds the one attached to that interface", () => {
    expect(whose(veth, RECEIVED, "172.17.0.2", "172.17.0.3")).toBe(`${WEB} sent`);
    expect(whose(veth, SENT, "172.17.0.3", "172.17.0.2")).toBe(`${WEB} received`);
  });

  it("between two containers at their bridge, finds the near one by the direction", () => {
    expect(whose(bridge, RECEIVED, "172.17.0.2", "172.17.0.3")).toBe(`${DB} received`);
    expect(whose(bridge, SENT, "172.17.0.2", "172.17.0.3")).toBe(`${WEB} sent`);
  });

  it("at a veth with an address, finds the socket of the host", () => {
    const numbered = tap(ETH0, [WEB]);
    expect(whose(numbered, SENT, "192.0.2.1", "172.17.0.2")).toBe(`${HOST} sent`);
    expect(whose(numbered, RECEIVED, "172.17.0.2", "192.0.2.1")).toBe(`${HOST} received`);
    expect(whose(numbered, RECEIVED, "172.17.0.2", OUTSIDE)).toBe(`${WEB} sent`);
  });

  it("prefers the nearer of two namespaces with the same address", () => {
    expect(whose(tap(9, [TWIN]), RECEIVED, "172.18.0.9", OUTSIDE)).toBe(`${TWIN} sent`);
  });
});

it("distinguishes an address in two VRFs at their interfaces and at the VRFs, and names the VRF", () => {
  const [ETH1, ETH2, RED, BLUE] = [11, 12, 13, 14];
  const vrfs = new LocalEnds();
  vrfs.add(HOST, v4("192.0.2.1"), ETH1, RED);
  vrfs.add(HOST, v4("192.0.2.1"), ETH2, BLUE);
  vrfs.add(WEB, v4("192.0.2.7"), 20);
  const key = new Uint32Array(10);
  putAddress(key, 0, v4("192.0.2.1"), 0, 4);
  putAddress(key, 4, v4("192.0.2.7"), 0, 4);
  const answer = Uint32Array.from([...key.subarray(4, 8), ...key.subarray(0, 4), 0, 0]);
  const device = (at: Tap) => {
    const { slot, interfaceIndex } = vrfs.resolve(at, SENT, AF_INET, key, 0);
    return slot === HOST ? interfaceIndex : undefined;
  };
  for (const [interfaceIndex, vrf] of [
    [ETH1, RED],
    [ETH2, BLUE],
  ] as const) {
    expect(device(tap(interfaceIndex, [WEB], { master: vrf }))).toBe(vrf);
    // On a VRF, received packets appear as sent ones.
    expect(device(tap(vrf, [WEB], { vrf: true }))).toBe(vrf);
    expect(vrfs.resolve(tap(vrf, [WEB], { vrf: true }), SENT, AF_INET, answer, 0)).toMatchObject({
      slot: HOST,
      direction: RECEIVED,
    });
  }
});

it("names the interface of a link-local address: the tap, its master, or the one that has the address", () => {
  const key = new Uint32Array(10);
  putAddress(key, 0, v6("fe800000000000000000000000000001"), 0, 6);
  putAddress(key, 4, v6("fe800000000000000000000000000002"), 0, 6);
  const at = (where: Tap) => ends.resolve(where, SENT, AF_INET6, key, 0).interfaceIndex;
  expect(at(eth0)).toBe(ETH0);
  expect(at(tap(7, [], { master: DOCKER0 }))).toBe(DOCKER0);
  expect([LO, ETH0, DOCKER0]).toContain(at(tap(7)));
});

it("recognizes the IPv6 loopback address in every namespace", () => {
  const key = new Uint32Array(10);
  putAddress(key, 0, v6("1"), 0, 6);
  putAddress(key, 4, v6("1"), 0, 6);
  expect(ends.resolve(tap(LO, [], { own: FAR }), RECEIVED, AF_INET6, key, 0)).toEqual({
    slot: FAR,
    interfaceIndex: LO,
    direction: RECEIVED,
  });
});
