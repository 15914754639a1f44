// Sequence numbers of counters samples start again at 1 when collectors must not compute a delta.

import { expect, test, vi } from "vitest";
import { HOST } from "../../agent/sflow/data-source.ts";
import type { DecodedCountersSample } from "../../agent/sflow/decode/values.ts";
import { counterRecord } from "../../agent/sflow/record.ts";
import { virtNetIo } from "../../agent/sflow/records/counter/virt-net-io.ts";
import { makeBench } from "./agent-bench.ts";

/** A poller with one counter, and a recorder of its discontinuities. */
function counting(firstSample?: number) {
  const { agent, clock, sent } = makeBench(firstSample === undefined ? {} : { firstSample });
  const poller = agent.poller(HOST);
  const onDiscontinuity = vi.fn();
  const sample = (rx_bytes: number): void => {
    value = rx_bytes;
    poller.sampleNow();
  };
  let value = 0;
  poller.contribute((into) => {
    into.push(counterRecord(virtNetIo, { ...virtNetIo.unknown, rx_bytes: value }));
  }, onDiscontinuity);
  const numbers = (): readonly number[] => {
    clock.advance(0.1);
    return (sent.samples as DecodedCountersSample[]).map(({ sequenceNumber }) => sequenceNumber);
  };
  return { poller, onDiscontinuity, sample, numbers };
}

test("the sequence starts again when a counter goes backwards", () => {
  const { onDiscontinuity, sample, numbers } = counting(2 ** 32 - 2);
  for (const value of [7, 7, 8]) sample(value);
  expect(onDiscontinuity).not.toHaveBeenCalled();
  for (const value of [6, 7]) sample(value);
  expect(numbers()).toEqual([0xffff_fffe, 0xffff_ffff, 0, 1, 2]);
  expect(onDiscontinuity).toHaveBeenCalledTimes(1);
});

test("the sequence starts again once when the subject changes and its counters are lower", () => {
  const { onDiscontinuity, poller, sample, numbers } = counting();
  expect(poller.setSubject("first")).toBe(false);
  for (const value of [7, 7, 8]) sample(value);
  expect(onDiscontinuity).not.toHaveBeenCalled();
  expect(poller.setSubject("second")).toBe(true);
  for (const value of [6, 7]) sample(value);
  expect(numbers()).toEqual([1, 2, 3, 1, 2]);
  expect(onDiscontinuity).toHaveBeenCalledTimes(1);
});
