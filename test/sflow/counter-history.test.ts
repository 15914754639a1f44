// Tells counters that go backwards from counters that wrap and from gauges.

import { expect, it } from "vitest";
import { CounterHistory } from "../../agent/sflow/counter-history.ts";
import { counterRecord } from "../../agent/sflow/record.ts";
import { hostMemory } from "../../agent/sflow/records/counter/host-memory.ts";
import { hostNetIo } from "../../agent/sflow/records/counter/host-net-io.ts";

const netIo = (bytes_in: number | undefined, pkts_in: number | undefined) =>
  counterRecord(hostNetIo, { ...hostNetIo.unknown, bytes_in, pkts_in });

it("reports a counter that fell, but not counters that stayed or rose", () => {
  const history = new CounterHistory();
  expect(history.update([netIo(10, 10)])).toBe(false);
  expect(history.update([netIo(10, 10)])).toBe(false);
  expect(history.update([netIo(11, 9)])).toBe(true);
  expect(history.update([netIo(10, 9)])).toBe(true);
  expect(history.update([netIo(12, 9)])).toBe(false);
});

it("recognises the wrap of a 32-bit counter, also inside a sum", () => {
  const history = new CounterHistory();
  history.update([netIo(0, 2 ** 32 - 5)]);
  expect(history.update([netIo(0, 3)])).toBe(false);
  history.update([netIo(0, 2 ** 32 + 2 ** 31)]);
  expect(history.update([netIo(0, 2 ** 31 + 100)])).toBe(false);
});

it("reports any fall of a 64-bit counter, which does not wrap", () => {
  const history = new CounterHistory();
  history.update([netIo(2 ** 32 - 5, 0)]);
  expect(history.update([netIo(3, 0)])).toBe(true);
});

it("ignores unknown values and gauges", () => {
  const history = new CounterHistory();
  history.update([netIo(10, undefined), counterRecord(hostMemory, { ...hostMemory.unknown, mem_free: 1000 })]);
  expect(
    history.update([netIo(undefined, 5), counterRecord(hostMemory, { ...hostMemory.unknown, mem_free: 10 })]),
  ).toBe(false);
  expect(history.update([netIo(9, 5)])).toBe(true);
});

it("compares each of several records of one format with the same record of the last sample", () => {
  const history = new CounterHistory();
  history.update([netIo(10, 10), netIo(1, 1)]);
  expect(history.update([netIo(11, 11), netIo(2, 2)])).toBe(false);
  expect(history.update([netIo(11, 11), netIo(1, 2)])).toBe(true);
});
