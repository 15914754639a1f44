// Datagrams: their size, time, sequence numbers and collectors.

import { describe, expect, test } from "vitest";
import { interfaceSource } from "../../agent/sflow/data-source.ts";
import { type BenchOptions, makeBench, Sent, stream } from "./agent-bench.ts";
import { many } from "./packets.ts";

const ETH0 = interfaceSource(3);

/** Packets with headers of 64 bytes, which make samples of 140 bytes. */
function afterPackets(count: number, options?: BenchOptions) {
  const bench = makeBench(options);
  const sampler = bench.agent.sampler(ETH0);
  sampler.write(many(count));
  return { ...bench, sampler };
}

describe("size", () => {
  test.each([
    [200, 28 + 140, 1],
    [1400, 28 + 9 * 140, 9],
    [1401, 28 + 9 * 140, 9],
    [8192, 28 + 58 * 140, 58],
  ])("of a datagram is at most %i bytes, with as many samples as fit", (datagramBytes, size, samples) => {
    const { receiver, sent } = afterPackets(2 * samples, { datagramBytes });
    receiver.flush();
    expect(sent.sizes).toEqual([size, size]);
    expect(sent.datagrams.map((datagram) => datagram.samples.length)).toEqual([samples, samples]);
  });

  test("may be exactly the limit", () => {
    const { receiver, sent } = afterPackets(4, { datagramBytes: 28 + 2 * 140 });
    receiver.flush();
    expect(sent.sizes).toEqual([308, 308]);
  });

  test("includes the address of an IPv6 agent", () => {
    const { receiver, sent } = afterPackets(4, { datagramBytes: 28 + 2 * 140, address: new Uint8Array(16).fill(1) });
    receiver.flush();
    expect(sent.sizes).toEqual([180, 180, 180, 180]);
  });
});

describe("time", () => {
  test("the first sample of a datagram waits 100 ms for others", () => {
    const { clock, sampler, sent } = afterPackets(1);
    clock.advance(0.05);
    sampler.write(many(1));
    clock.advance(0.049);
    expect(sent.calls).toEqual([]);
    clock.advance(0.001);
    expect(sent.datagrams.map(({ samples }) => samples.length)).toEqual([2]);
  });

  test("128 full datagrams are sent at once in one call", () => {
    const { sent } = afterPackets(9 * 128 + 1);
    expect(sent.calls).toEqual([128]);
  });

  test("no sample waits longer than 100 ms at any rate", () => {
    const { clock, agent, sent } = makeBench();
    const sampler = agent.sampler(ETH0);
    for (let i = 0; i < 500; i++) {
      sampler.write(many(i % 40));
      clock.advance(0.01);
    }
    const waiting = agent.counters.flowSamples - sent.samples.length;
    expect(waiting).toBeLessThanOrEqual(10 * 40);
    clock.advance(0.1);
    expect(sent.samples.length).toBe(agent.counters.flowSamples);
  });

  test("flush sends pending samples, and nothing without any", () => {
    const { receiver, sent, clock } = afterPackets(20);
    receiver.flush();
    receiver.flush();
    clock.advance(10);
    expect(sent.calls).toEqual([3]);
  });

  test("uptime is that of the send, and wraps", () => {
    const { clock, sampler, sent } = afterPackets(1, { uptime: 2 ** 32 - 100 });
    clock.advance(0.1);
    sampler.write(many(1));
    clock.advance(0.1);
    expect(sent.datagrams.map(({ uptime }) => uptime)).toEqual([0, 100]);
  });
});

describe("sequence number", () => {
  test("starts at 1 and wraps", () => {
    const plain = afterPackets(20);
    plain.receiver.flush();
    expect(plain.sent.datagrams.map(({ sequenceNumber }) => sequenceNumber)).toEqual([1, 2, 3]);
    const late = afterPackets(9 * 5, { firstDatagram: 2 ** 32 - 3 });
    late.receiver.flush();
    const numbers = late.sent.datagrams.map(({ sequenceNumber }) => sequenceNumber);
    expect(numbers).toEqual([0xffff_fffd, 0xffff_fffe, 0xffff_ffff, 0, 1]);
  });

  test("continues if the agent address changes and changes back", () => {
    const { receiver, sampler, sent } = afterPackets(20);
    const other = { ...stream, address: new Uint8Array(16).fill(0xfd) };
    receiver.configure(other);
    sampler.write(many(1));
    receiver.configure(stream);
    sampler.write(many(1));
    receiver.flush();
    const seen = sent.datagrams.map(({ agentAddress, sequenceNumber }) => [agentAddress.length, sequenceNumber]);
    expect(seen).toEqual([
      [4, 1],
      [4, 2],
      [4, 3],
      [16, 1],
      [4, 4],
    ]);
  });

  test("does not advance without a collector, and neither do the numbers of samples", () => {
    const { receiver, agent, clock } = makeBench({ collector: false });
    const sampler = agent.sampler(ETH0);
    sampler.write(many(30));
    clock.advance(1);
    expect(agent.counters).toMatchObject({ flowSamples: 0, flowSamplesSuppressed: 30 });
    const sent = new Sent();
    receiver.add(sent);
    sampler.write(many(1));
    receiver.flush();
    expect(sent.datagrams).toMatchObject([
      { sequenceNumber: 1, samples: [{ sequenceNumber: 1, samplePool: 400, drops: 0 }] },
    ]);
  });

  test("does not advance without an agent address", () => {
    const { receiver, sampler, sent, agent } = afterPackets(1);
    receiver.configure({ ...stream, address: undefined });
    sampler.write(many(30));
    receiver.configure(stream);
    sampler.write(many(1));
    receiver.flush();
    expect(sent.samples).toMatchObject([{ sequenceNumber: 1 }, { sequenceNumber: 2 }]);
    expect(sent.datagrams.map(({ sequenceNumber }) => sequenceNumber)).toEqual([1, 2]);
    expect(agent.counters).toMatchObject({ flowSamples: 2, flowSamplesSuppressed: 30 });
  });
});

describe("collectors", () => {
  test("receive all datagrams between their addition and removal, encoded once for all", () => {
    const { receiver, sampler, sent } = afterPackets(1);
    const second = new Sent();
    const leave = receiver.add(second);
    sampler.write(many(2));
    leave();
    sampler.write(many(3));
    receiver.flush();
    expect(sent.datagrams.map(({ samples }) => samples.length)).toEqual([1, 2, 3]);
    expect(second.bytes).toEqual([sent.bytes[1]]);
  });

  test("do not affect each other if one throws", () => {
    const { receiver, sampler, sent, failures } = afterPackets(0);
    const second = new Sent();
    receiver.add({
      send() {
        throw new Error("no route");
      },
    });
    receiver.add(second);
    sampler.write(many(1));
    receiver.flush();
    expect(second.bytes).toEqual(sent.bytes);
    expect(failures).toEqual(["collector: no route"]);
    expect(receiver.counters).toEqual({ datagrams: 1, bytes: 168 });
  });

  test("receive the same sub-agent id in all datagrams", () => {
    const { agent, receiver, sent } = afterPackets(1, { subAgentId: 100_000 });
    agent.notifier(interfaceSource(0)).write({ input: 1, output: 0, reason: 1, records: [] });
    receiver.flush();
    expect(sent.datagrams.map(({ subAgentId }) => subAgentId)).toEqual([100_000]);
  });
});

describe("samples that have waited elsewhere", () => {
  test("are sent with their collection, and no timer is left", () => {
    const { receiver, sampler, sent, clock } = afterPackets(0);
    const before = clock.timers;
    receiver.collect(() => {
      sampler.write(many(3));
      expect(clock.timers).toBe(before);
      return true;
    });
    expect(sent.datagrams.map(({ samples }) => samples.length)).toEqual([3]);
    expect(clock.timers).toBe(before);
  });

  test("wait for more if the collection says so, or throws", () => {
    const { receiver, sampler, sent, clock } = afterPackets(0);
    const write = (): boolean => {
      sampler.write(many(2));
      return false;
    };
    const fail = (): boolean => {
      sampler.write(many(1));
      throw new Error("boom");
    };
    receiver.collect(write);
    expect(() => receiver.collect(fail)).toThrow("boom");
    expect(sent.datagrams).toEqual([]);
    clock.advance(0.1);
    expect(sent.datagrams.map(({ samples }) => samples.length)).toEqual([3]);
  });
});
