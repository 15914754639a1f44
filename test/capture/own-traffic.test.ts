// The agent's own datagrams: the sockets that are exempt, and the taps that follow them.

import { describe, expect, it } from "vitest";
import type { TapOptions } from "../../agent/capture/engine.ts";
import { OWN_TRAFFIC_MARK, OwnTraffic } from "../../agent/capture/own-traffic.ts";
import { makePacketSocketEngine } from "../../agent/capture/packet-socket.ts";
import { parseInetAddress } from "../../agent/sockets/socket-address.ts";
import { Recorder } from "../contract/capture.ts";
import { makeFakeClock } from "../fakes/clock.ts";
import { FakePacketSockets } from "../fakes/packet-sockets.ts";
import { makeFakeShim } from "../fakes/shim.ts";
import { ethernet, hex, ipv4 } from "../packet/frames.ts";

const [PEER, OTHER_PEER] = [Uint8Array.of(192, 0, 2, 1), Uint8Array.of(192, 0, 2, 2)];
const PEER6 = Uint8Array.from({ length: 16 }, (_, i) => i);

function start() {
  const shim = makeFakeShim();
  const traffic = new OwnTraffic();
  const changes: number[][] = [];
  traffic.onChange(() => changes.push(traffic.endpoints.map(({ port }) => port)));
  const open = (peer = PEER) => {
    const fd = shim.socket(peer.length === 4 ? 2 : 10, 2, 0);
    const exemption = traffic.exempt(shim, fd, peer);
    const close = (): void => {
      exemption.end();
      shim.close(fd);
    };
    return { ...exemption, fd, close, port: parseInetAddress(shim.name(fd))?.port };
  };
  return { shim, traffic, changes, open };
}

describe("an exempt socket", () => {
  it("is marked, and bound before it sends", () => {
    const { shim, traffic, open } = start();
    const socket = open();
    expect(socket.marked).toBe(true);
    expect(shim.open[0]?.options.get("1/36")).toEqual(Uint8Array.of(OWN_TRAFFIC_MARK, 0, 0, 0));
    expect(traffic.endpoints).toEqual([expect.objectContaining({ port: socket.port, destination: PEER })]);
  });

  it("takes the port of a closed socket of its family, so that no filter changes", () => {
    const { changes, open } = start();
    const [first, six] = [open(), open(PEER6)];
    first.close();
    const next = open();
    expect(next.port).toBe(first.port);
    expect(changes).toEqual([[first.port], [first.port, six.port]]);
  });

  it("has another port if that one is taken, and the filters forget the old one", () => {
    const { shim, traffic, open } = start();
    const first = open();
    first.close();
    shim.fail("bind", "EADDRINUSE");
    const next = open();
    expect(next.port).not.toBe(first.port);
    expect(traffic.endpoints.map(({ port }) => port)).toEqual([next.port]);
  });

  it("reports another destination", () => {
    const { traffic, changes, open } = start();
    const socket = open();
    socket.sendsTo(PEER);
    expect(changes).toHaveLength(1);
    socket.sendsTo(OTHER_PEER);
    expect(changes).toHaveLength(2);
    expect(traffic.endpoints[0]?.destination).toEqual(OTHER_PEER);
  });

  it("is none if the kernel refuses the mark or the port", () => {
    for (const call of ["setOption", "bind"] as const) {
      const { shim, traffic, open } = start();
      shim.fail(call, "EPERM");
      expect(open().marked).toBe(false);
      expect(traffic.endpoints).toEqual([]);
    }
  });
});

const eth0: TapOptions = {
  ...{ index: 2, name: "eth0", hardwareType: 1 },
  ...{ samplingRate: 1, headerBytes: 128, promiscuous: false },
};
const number16 = (value: number): string => value.toString(16).padStart(4, "0");
const datagram = (port = 0): Uint8Array =>
  hex(ethernet("0800"), ipv4("11"), number16(port), "18c700000000", "00000005", "00".repeat(60));

it("an open tap leaves out the datagrams of sockets that open later, and samples what others have marked", () => {
  const { traffic, open } = start();
  const kernel = new FakePacketSockets(2);
  const clock = makeFakeClock();
  const recorder = new Recorder();
  const tap = recorder.open(makePacketSocketEngine({ sockets: kernel.shim, clock }, traffic), eth0);
  const sampled = (port: number | undefined, mark = OWN_TRAFFIC_MARK): number => {
    const before = recorder.seen.length;
    kernel.deliver(2, datagram(port), { mark });
    kernel.wake();
    clock.advance(0.01);
    return recorder.seen.length - before;
  };
  expect(sampled(40_000)).toBe(1);
  const [first, second] = [open(), open()];
  expect([sampled(first.port), sampled(second.port), sampled(9), sampled(first.port, 0)]).toEqual([0, 0, 1, 1]);
  tap.setSamplingRate(2);
  tap.setSamplingRate(1);
  expect([sampled(second.port), sampled(9)]).toEqual([0, 1]);
  tap.close();
  open();
  expect(kernel.sockets.size).toBe(0);
});
