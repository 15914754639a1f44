// The packet socket engine on a fake kernel that runs its filters and fills its rings.

import { describe, expect, it } from "vitest";
import { CaptureError } from "../../agent/capture/capture-error.ts";
import type { CapturedPackets, TapOptions } from "../../agent/capture/engine.ts";
import { OwnTraffic } from "../../agent/capture/own-traffic.ts";
import { ringSize } from "../../agent/capture/packet-ring.ts";
import { makePacketSocketEngine } from "../../agent/capture/packet-socket.ts";
import { captureContract, frames, numbered, Recorder } from "../contract/capture.ts";
import { type FakeClock, makeFakeClock } from "../fakes/clock.ts";
import { FakePacketSockets, type Meta } from "../fakes/packet-sockets.ts";

const eth0: TapOptions = {
  index: 2,
  name: "eth0",
  hardwareType: 1,
  samplingRate: 1,
  headerBytes: 128,
  promiscuous: false,
};

const FRAMES = ringSize(eth0.samplingRate, eth0.headerBytes).frames;

/** No socket is exempt, except where a test has its own. */
const own = new OwnTraffic();

captureContract("packet-socket on a fake kernel", () => {
  const kernel = new FakePacketSockets(2);
  const clock = makeFakeClock();
  const engine = makePacketSocketEngine({ sockets: kernel.shim, clock }, own);
  const pass = passing(kernel, clock);
  return {
    engine,
    options: eth0,
    async play(options, sent) {
      const recorder = new Recorder();
      const tap = recorder.open(engine, options);
      sent.forEach((frame, i) => {
        kernel.deliver(options.index, frame);
        if (i % 200 === 0) pass();
      });
      pass(10);
      tap.close();
      return { recorder, tap };
    },
  };
});

/** Advances the clock: wakes the watchers of sockets and runs the rounds of the scheduler. */
const passing =
  (kernel: FakePacketSockets, clock: FakeClock) =>
  (rounds = 1): void => {
    for (let i = 0; i < rounds; i++) {
      kernel.wake();
      clock.advance(0.01);
    }
  };

function opened(options: Partial<TapOptions> = {}) {
  const kernel = new FakePacketSockets(2);
  const clock = makeFakeClock();
  const recorder = new Recorder();
  const tap = recorder.open(makePacketSocketEngine({ sockets: kernel.shim, clock }, own), { ...eth0, ...options });
  const send = (first: number, count: number, meta?: Meta): void => {
    for (let i = first; i < first + count; i++) kernel.deliver(2, numbered(i), meta);
  };
  return { kernel, recorder, tap, send, pass: passing(kernel, clock) };
}

describe("a change", () => {
  it("of the rate passes on queued packets with the old rate", () => {
    const { recorder, tap, send, pass } = opened();
    send(0, 300);
    tap.setSamplingRate(2);
    send(300, 400);
    pass();
    expect(recorder.seen.filter(({ samplingRate }) => samplingRate === 1).length).toBe(300);
    const later = recorder.seen.filter(({ samplingRate }) => samplingRate === 2);
    expect(later.length).toBeGreaterThan(150);
    expect(later.length).toBeLessThan(250);
    expect(tap.options.samplingRate).toBe(2);
  });

  it("of the header's size passes on queued packets with the old size", () => {
    const { recorder, tap, send, pass } = opened();
    send(0, 2);
    tap.setHeaderBytes(40);
    send(2, 2);
    tap.setHeaderBytes(256);
    send(4, 1);
    pass();
    expect(recorder.seen.map(({ bytes }) => bytes.length)).toEqual([100, 100, 40, 40, 100]);
  });

  it("that needs another ring opens another socket, or keeps this one if that fails", () => {
    const { kernel, recorder, tap, send, pass } = opened({ samplingRate: 1000 });
    tap.setSamplingRate(1);
    expect(kernel.sockets.size).toBe(1);
    send(0, 3000);
    pass(5);
    expect(recorder.numbers.length).toBe(3000);
    kernel.obstacle = { call: "map", code: "ENOMEM" };
    tap.setSamplingRate(1000);
    tap.setHeaderBytes(64);
    expect([kernel.sockets.size, tap.options.samplingRate, tap.options.headerBytes]).toEqual([1, 1000, 64]);
    tap.close();
    expect(kernel.sockets.size).toBe(0);
  });
});

describe("losses", () => {
  it("are counted once each", () => {
    const { recorder, tap, send, pass } = opened({ samplingRate: 1 });
    send(0, FRAMES + 500);
    pass(20);
    expect(recorder.seen.length).toBe(FRAMES);
    send(40_000, 10);
    pass();
    send(40_010, 10);
    pass();
    expect(recorder.drops).toBe(500);
    expect(tap.counters).toMatchObject({ packets: FRAMES + 20, drops: 500 });
  });

  it("without a later packet are reported before a change of the rate, with the old rate", () => {
    const kernel = new FakePacketSockets(2);
    const told: (readonly [number, number])[] = [];
    const engine = makePacketSocketEngine({ sockets: kernel.shim, clock: makeFakeClock() }, own);
    const onPackets = ({ samplingRate, drops }: CapturedPackets) => void told.push([samplingRate, drops]);
    const tap = engine.open(eth0, onPackets, () => undefined);
    for (let i = 0; i < FRAMES + 500; i++) kernel.deliver(2, numbered(i));
    tap.setSamplingRate(1000);
    kernel.deliver(2, numbered(0));
    expect(told.filter(([, drops]) => drops > 0)).toEqual([[1, 500]]);
    expect(tap.counters.drops).toBe(500);
  });
});

describe("packets that are not sampled", () => {
  it("are sent packets on a loopback interface", () => {
    const { recorder, send, pass } = opened({ hardwareType: 772 });
    send(0, 1, { packetType: 4 });
    send(1, 1, { packetType: 0, hardwareType: 772 });
    pass();
    expect(recorder.numbers).toEqual([1]);
  });
});

describe("the kernel's facts about a packet", () => {
  it("are passed on: type, time, VLAN tag", () => {
    const { recorder, send, pass } = opened();
    send(0, 1, { packetType: 4, seconds: 1_700_000_000, vlan: { tci: 0x6005, tpid: 0x88a8 } });
    send(1, 1, { packetType: 3 });
    pass();
    expect(recorder.seen).toMatchObject([
      { packetType: 4, seconds: 1_700_000_000, nanoseconds: 999_999_999, vlan: { tci: 0x6005, tpid: 0x88a8 } },
      { packetType: 3, vlan: undefined },
    ]);
  });
});

describe("an interface", () => {
  it("that goes down is sampled again when it is up", () => {
    const { kernel, recorder, send, pass } = opened();
    kernel.down(2);
    pass();
    send(0, 1);
    pass();
    expect([recorder.ends, recorder.numbers]).toEqual([[], [0]]);
  });

  it("that is deleted ends its tap after its last packets", () => {
    const { kernel, recorder, send, pass } = opened();
    send(0, 3);
    kernel.down(2, true);
    pass(2);
    expect([recorder.ends, recorder.numbers]).toEqual([["the interface was removed"], [0, 1, 2]]);
    expect(kernel.sockets.size).toBe(0);
  });

  it("can be sampled promiscuously", () => {
    const of = (promiscuous: boolean) => [...opened({ promiscuous }).kernel.sockets.values()][0]?.promiscuous;
    expect([of(true), of(false)]).toEqual([true, false]);
  });
});

describe("a tap that cannot be opened", () => {
  const failure = (kernel: FakePacketSockets, options: Partial<TapOptions> = {}): CaptureError => {
    try {
      new Recorder().open(makePacketSocketEngine({ sockets: kernel.shim, clock: makeFakeClock() }, own), {
        ...eth0,
        ...options,
      });
    } catch (error) {
      if (error instanceof CaptureError) return error;
    }
    throw new Error("opened");
  };

  it("reports the reason and a remedy, and leaves nothing open", () => {
    const kernel = new FakePacketSockets(2);
    kernel.obstacle = { call: "socket", code: "EPERM" };
    expect(failure(kernel)).toMatchObject({
      code: "EPERM",
      message: expect.stringMatching(/eth0: EPERM.*CAP_NET_RAW/),
    });
    kernel.obstacle = { call: "map", code: "ENOMEM" };
    expect(failure(kernel).code).toBe("ENOMEM");
    expect(failure(kernel, { index: 9, name: "eth9" }).message).toMatch(/eth9: ENODEV.*does not exist/);
    expect(kernel.sockets.size).toBe(0);
  });
});

it("reads 2,048 packets, and then yields to other taps while packets keep arriving", () => {
  const kernel = new FakePacketSockets(2);
  let taken = 0;
  const deliver = (count: number): void => {
    for (const frame of frames(count)) kernel.deliver(2, frame);
  };
  const engine = makePacketSocketEngine({ sockets: kernel.shim, clock: makeFakeClock() }, own);
  const tap = engine.open(
    eth0,
    ({ count }) => {
      taken += count;
      deliver(100);
    },
    () => undefined,
  );
  deliver(10_000);
  kernel.wake();
  expect([taken, tap.counters.drops]).toEqual([2048, 0]);
  kernel.wake();
  expect([taken, tap.counters.drops]).toEqual([4096, 0]);
});
