// Counters that go backwards, and those that only seem to.

import { expect, it } from "vitest";
import { makeHold } from "../../agent/counters/hold.ts";
import { makeBackwards } from "../../agent/sflow/backwards.ts";
import { counterRecord } from "../../agent/sflow/record.ts";
import { hostMemory } from "../../agent/sflow/records/counter/host-memory.ts";
import { hostNetIo } from "../../agent/sflow/records/counter/host-net-io.ts";

const netIo = (bytes_in: number | undefined, pkts_in: number | undefined) =>
  counterRecord(hostNetIo, { ...hostNetIo.unknown, bytes_in, pkts_in });

it("sees a counter that fell, and not one that stood or rose", () => {
  const backwards = makeBackwards();
  expect(backwards([netIo(10, 10)])).toBe(false);
  expect(backwards([netIo(10, 10)])).toBe(false);
  expect(backwards([netIo(11, 9)])).toBe(true);
  expect(backwards([netIo(10, 9)])).toBe(true);
  expect(backwards([netIo(12, 9)])).toBe(false);
});

it("takes the wrap of a 32-bit counter for what it is, also inside a sum", () => {
  const backwards = makeBackwards();
  backwards([netIo(0, 2 ** 32 - 5)]);
  expect(backwards([netIo(0, 3)])).toBe(false);
  backwards([netIo(0, 2 ** 32 + 2 ** 31)]);
  expect(backwards([netIo(0, 2 ** 31 + 100)])).toBe(false);
});

it("knows no wrap of 64 bits", () => {
  const backwards = makeBackwards();
  backwards([netIo(2 ** 32 - 5, 0)]);
  expect(backwards([netIo(3, 0)])).toBe(true);
});

it("passes over what is unknown, and over gauges", () => {
  const backwards = makeBackwards();
  backwards([netIo(10, undefined), counterRecord(hostMemory, { ...hostMemory.unknown, mem_free: 1000 })]);
  expect(backwards([netIo(undefined, 5), counterRecord(hostMemory, { ...hostMemory.unknown, mem_free: 10 })])).toBe(
    false,
  );
  expect(backwards([netIo(9, 5)])).toBe(true);
});

it("holds a slip until it is made good, and lets a fall through", () => {
  const hold = makeHold(10);
  expect([100, 95, 101, 91, 90, 80, 85].map(hold)).toEqual([100, 100, 101, 101, 90, 90, 90]);
  expect([undefined, 5].map(hold)).toEqual([undefined, 5]);
});
