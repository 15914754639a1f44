// Counters samples: their schedule, their numbers, and readers that fail.

import { describe, expect, test } from "vitest";
import { HOST, interfaceSource } from "../../agent/sflow/data-source.ts";
import type { DecodedCountersSample } from "../../agent/sflow/decode/values.ts";
import { recordOf } from "../../agent/sflow/decode.ts";
import { type CounterRecord, counterRecord } from "../../agent/sflow/record.ts";
import { hostDescr } from "../../agent/sflow/records/counter/host-descr.ts";
import { ifCounters } from "../../agent/sflow/records/counter/if-counters.ts";
import { portName } from "../../agent/sflow/records/counter/port-name.ts";
import { virtCpu } from "../../agent/sflow/records/counter/virt-cpu.ts";
import { seededRandom } from "../seeded-random.ts";
import { type BenchOptions, makeBench, Sent } from "./agent-bench.ts";

const name = (text: string): CounterRecord => counterRecord(portName, { name: text });

/** Makes a poller whose reader records the times of its calls, in seconds since the poller was made. */
function polled(options?: BenchOptions) {
  const bench = makeBench(options);
  const start = bench.clock.uptime();
  const times: number[] = [];
  const poller = bench.agent.poller(HOST);
  poller.contribute((into) => {
    times.push((bench.clock.uptime() - start) / 1000);
    into.push(name(`poll ${times.length}`));
  });
  return { ...bench, poller, times };
}

describe("schedule", () => {
  test("samples at once, then after 1 to `polling` random seconds, then exactly every `polling`", () => {
    const { clock, times } = polled({ random: (below) => below - 1 });
    clock.advance(95);
    expect(times).toEqual([0, 30, 60, 90]);
    const other = polled({ random: () => 4321 });
    other.clock.advance(70);
    expect(other.times).toEqual([0, 5.321, 35.321, 65.321]);
    const soonest = polled({ random: () => 0, polling: 1 });
    soonest.clock.advance(3);
    expect(soonest.times).toEqual([0, 1, 2, 3]);
  });

  test("the first sample is in the first datagram, with the records of all readers", () => {
    const { clock, poller, sent } = polled();
    poller.contribute((into) => into.push(counterRecord(hostDescr, hostDescr.unknown)));
    clock.advance(0.1);
    expect(sent.samples).toMatchObject([{ sequenceNumber: 1, records: [{ format: 1005 }, { format: 2000 }] }]);
  });

  test("does not drift if callbacks are late", () => {
    const { clock, times } = polled({ polling: 1, random: () => 0 });
    for (let i = 0; i < 1000; i++) {
      clock.stall(0.003);
      clock.advance(0.997);
    }
    expect(times.length).toBe(1000);
    expect(Math.max(...times.map((time) => time % 1))).toBeLessThan(0.0031);
  });

  test("skips samples missed in a stall, and keeps its phase", () => {
    const { clock, times } = polled({ random: () => 0 });
    clock.advance(31);
    clock.stall(100);
    clock.advance(40);
    expect(times).toEqual([0, 1, 31, 131, 151]);
  });

  test("phases of many pollers differ", () => {
    const { agent, clock, sent } = makeBench({ random: seededRandom(1).below });
    for (let i = 1; i <= 300; i++) agent.poller(interfaceSource(i)).contribute((into) => into.push(name("x")));
    clock.advance(1);
    expect(sent.samples.length).toBe(300);
    sent.clear();
    for (let second = 1; second <= 30; second++) {
      clock.advance(1);
      expect(sent.samples.length).toBeLessThanOrEqual(25);
      sent.clear();
    }
  });

  test("changes with the interval, and stops at 0", () => {
    const { clock, times, agent } = polled({ random: () => 0 });
    clock.advance(31);
    agent.setPolling(5);
    agent.setPolling(5);
    clock.advance(6);
    expect(times).toEqual([0, 1, 31, 32, 37]);
    agent.setPolling(0);
    clock.advance(100);
    expect(times).toHaveLength(5);
    expect(clock.timers).toBe(0);
    agent.setPolling(10);
    clock.advance(11);
    expect(times.slice(5)).toEqual([138, 148]);
  });

  test("with an interval of 0 takes no samples, not even by sampleNow", () => {
    const { clock, times, poller, agent } = polled({ polling: 0 });
    poller.sampleNow();
    clock.advance(100);
    expect(times).toEqual([]);
    agent.setPolling(30);
    clock.advance(0);
    expect(times).toEqual([100]);
  });

  test("takes the first sample when the first collector is added", () => {
    const { clock, times, receiver, agent } = polled({ collector: false });
    clock.advance(100);
    expect(times).toEqual([]);
    const sent = new Sent();
    receiver.add(sent);
    clock.advance(0.1);
    expect(times).toEqual([100]);
    expect(sent.samples).toMatchObject([{ sequenceNumber: 1 }]);
    expect(agent.counters.counterSamples).toBe(1);
  });

  test("continues without a collector, but reads no counters and uses no numbers", () => {
    const { clock, times, receiver, agent, sent } = polled({ collector: false, random: () => 0 });
    const leave = receiver.add(sent);
    clock.advance(0.5);
    leave();
    clock.advance(40);
    expect(times).toEqual([0]);
    expect(agent.counters.counterSamplesSuppressed).toBe(2);
    receiver.add(sent);
    clock.advance(30);
    expect(sent.samples).toMatchObject([{ sequenceNumber: 1 }, { sequenceNumber: 2 }]);
  });

  test("sampleNow samples outside the schedule, and remove ends it", () => {
    const { clock, times, poller, agent, sent } = polled({ random: () => 0 });
    poller.sampleNow();
    clock.advance(0.5);
    poller.sampleNow();
    clock.advance(2);
    expect(times).toEqual([0, 0.5, 1]);
    poller.sampleNow();
    poller.remove();
    clock.advance(100);
    expect(times).toEqual([0, 0.5, 1, 2.5]);
    expect(sent.samples.length).toBe(4);
    expect(agent.poller(HOST)).not.toBe(poller);
  });

  test("the first sample is sent at once, a later one with its datagram", () => {
    const { clock, sent } = polled({ random: () => 0 });
    clock.advance(0.001);
    expect(sent.samples).toHaveLength(1);
    clock.advance(1);
    expect(sent.samples).toHaveLength(1);
    clock.advance(0.1);
    expect(sent.samples).toHaveLength(2);
  });

  test("sampleNow sends at once, with the pending samples", () => {
    const { clock, poller, sent } = polled({ random: () => 0 });
    clock.advance(1.001);
    expect(sent.samples).toHaveLength(1);
    poller.sampleNow();
    poller.sampleNow();
    expect(sent.samples).toHaveLength(1);
    clock.advance(0.001);
    expect(sent.samples).toHaveLength(4);
    expect(sent.calls).toEqual([1, 1]);
  });
});

describe("sample", () => {
  test("numbers wrap at 2^32", () => {
    const { clock, poller, sent } = polled({ firstSample: 2 ** 32 - 2 });
    for (let i = 0; i < 3; i++) poller.sampleNow();
    clock.advance(0.1);
    const numbers = (sent.samples as DecodedCountersSample[]).map(({ sequenceNumber }) => sequenceNumber);
    expect(numbers).toEqual([0xffff_fffe, 0xffff_ffff, 0]);
  });

  test("has its records in the order of their formats, if_counters first", () => {
    const { clock, poller, sent } = polled();
    poller.contribute((into) => into.push(counterRecord(virtCpu, virtCpu.unknown)));
    poller.contribute((into) => into.push(counterRecord(ifCounters, ifCounters.unknown)));
    clock.advance(0.1);
    expect(sent.samples).toMatchObject([{ records: [{ format: 1 }, { format: 1005 }, { format: 2101 }] }]);
  });

  test("without records is not sent or numbered", () => {
    const { agent, clock, sent } = makeBench();
    const poller = agent.poller(HOST);
    let text: string | undefined;
    poller.contribute((into) => {
      if (text !== undefined) into.push(name(text));
    });
    clock.advance(5);
    text = "now";
    poller.sampleNow();
    clock.advance(0.1);
    expect(sent.samples).toMatchObject([{ sequenceNumber: 1 }]);
  });

  test("lacks only the records of a reader that throws", () => {
    const { clock, poller, sent, failures } = polled();
    const leave = poller.contribute(() => {
      throw new Error("no such file");
    });
    poller.contribute((into) => into.push({ type: hostDescr, value: {} }));
    poller.contribute((into) => into.push(counterRecord(virtCpu, virtCpu.unknown)));
    clock.advance(0.1);
    leave();
    poller.sampleNow();
    clock.advance(0.1);
    expect(sent.samples).toMatchObject([
      { records: [{ format: 1005 }, { format: 2101 }] },
      { records: [{ format: 1005 }, { format: 2101 }] },
    ]);
    expect(failures.filter((failure) => failure === "counters 2:1: no such file")).toHaveLength(1);
  });
});

describe("a sample that is too large", () => {
  const texts = Array.from({ length: 20 }, (_, i) => `${i} `.padEnd(90, "x"));

  test.each([200, 1400, 8192])("is sent as several, without loss, at %i bytes", (datagramBytes) => {
    const { agent, clock, sent } = makeBench({ datagramBytes });
    agent.poller(HOST).contribute((into) => into.push(...texts.map(name)));
    clock.advance(0.1);
    const samples = sent.samples as DecodedCountersSample[];
    const seen = samples.flatMap(({ records }) => records.map((record) => recordOf([record], portName)?.name));
    expect(seen).toEqual(texts);
    expect(samples.map(({ sequenceNumber }) => sequenceNumber)).toEqual(samples.map((_, i) => i + 1));
    expect(Math.max(...sent.sizes)).toBeLessThanOrEqual(datagramBytes);
    expect(agent.counters).toMatchObject({ counterSamplesSplit: samples.length - 1, recordsLeftOut: 0 });
  });

  test("leaves out only a record that fits no datagram, and counts it", () => {
    const { agent, clock, sent } = makeBench({ datagramBytes: 200 });
    agent.poller(HOST).contribute((into) => into.push(name("x".repeat(250)), name("y")));
    clock.advance(0.1);
    expect(sent.samples).toMatchObject([{ records: [{ content: { value: { name: "y" } } }] }]);
    expect(agent.counters.recordsLeftOut).toBe(1);
  });
});
