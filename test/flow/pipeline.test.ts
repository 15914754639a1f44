// Batches in the pipeline: order, holds, deadlines, failures, and the pool.

import { describe, expect, it } from "vitest";
import type { FlowBatch, Hold } from "../../agent/flow/flows.ts";
import { Pipeline } from "../../agent/flow/pipeline.ts";
import type { Sampler } from "../../agent/sflow/agent.ts";
import { interfaceSource } from "../../agent/sflow/data-source.ts";
import type { FlowRecord } from "../../agent/sflow/record.ts";
import type { SampledPackets } from "../../agent/sflow/sampled-packets.ts";
import { makeFakeClock } from "../fakes/clock.ts";

const record = (name: string): FlowRecord => ({ type: { name }, value: undefined }) as unknown as FlowRecord;

const headers = ({ count, bytes, offset, headerLength }: SampledPackets): string[] =>
  Array.from({ length: count }, (_, i) => {
    const at = offset[i] as number;
    return Buffer.from(bytes.subarray(at, at + (headerLength[i] as number))).toString("hex");
  });

function setUp() {
  const clock = makeFakeClock();
  const written: { count: number; drops: number; records: unknown[] }[] = [];
  const sampler: Sampler = {
    source: interfaceSource(3),
    write: ({ count, drops, records }) => {
      written.push({ count, drops, records: records.slice(0, count).map((list) => list?.map((r) => r.type.name)) });
    },
  };
  const failures: unknown[] = [];
  const flows = new Pipeline(clock, (error) => failures.push(error));
  const send = (count = 1): FlowBatch => {
    const batch = flows.take(sampler, 3);
    batch.count = count;
    flows.write(batch);
    return batch;
  };
  return { clock, written, sampler, failures, flows, send };
}

describe("a batch", () => {
  it("goes directly to its sampler if there is no annotator", () => {
    const { flows, sampler, written } = setUp();
    const batch = flows.take(sampler, 3);
    expect(batch).toMatchObject({ interfaceIndex: 3, count: 0, drops: 0 });
    batch.count = 2;
    batch.drops = 7;
    flows.write(batch);
    expect(written).toEqual([{ count: 2, drops: 7, records: [undefined, undefined] }]);
    expect(flows.counters).toMatchObject({ batches: 1, packets: 2, heldBatches: 0 });
  });

  it("passes the annotators in their order, without those that were removed", () => {
    const { flows, send, written } = setUp();
    flows.annotate((batch) => {
      batch.records[0] = [record("first")];
    });
    const leave = flows.annotate((batch) => batch.records[0]?.push(record("second")));
    send();
    leave();
    send();
    expect(written.map((entry) => entry.records)).toEqual([[["first", "second"]], [["first"]]]);
  });

  it("returns to the pool without its records and drops", () => {
    const { flows, sampler } = setUp();
    const batch = flows.take(sampler, 3);
    batch.count = 1;
    batch.drops = 1;
    batch.records[0] = [record("any")];
    flows.write(batch);
    const again = flows.take(sampler, 4);
    expect(again).toBe(batch);
    expect(again).toMatchObject({ count: 0, drops: 0, interfaceIndex: 4 });
    expect(again.records.every((list) => list === undefined)).toBe(true);
  });

  it("passes the other annotators if one throws", () => {
    const { flows, send, written, failures } = setUp();
    flows.annotate(() => {
      throw new Error("broken");
    });
    flows.annotate((batch) => {
      batch.records[0] = [record("second")];
    });
    send();
    expect(written).toEqual([{ count: 1, drops: 0, records: [["second"]] }]);
    expect(flows.counters.failures).toBe(1);
    expect(failures).toEqual([new Error("broken")]);
  });
});

describe("a hold", () => {
  function holding(milliseconds: number) {
    const set = setUp();
    const holds: Hold[] = [];
    set.flows.annotate((_, hold) => {
      holds.push(hold(milliseconds));
    });
    return { ...set, holds };
  }

  it("keeps a batch until it is released, while others pass", () => {
    const { flows, send, written, holds, clock } = holding(20);
    const first = send(3);
    const second = send(5);
    expect(second).not.toBe(first);
    expect(flows.counters).toMatchObject({ heldBatches: 2, heldPackets: 8 });
    holds[1]?.release();
    expect(written.map((entry) => entry.count)).toEqual([5]);
    holds[1]?.release();
    holds[0]?.release();
    expect(written.map((entry) => entry.count)).toEqual([5, 3]);
    expect(flows.counters).toMatchObject({ heldBatches: 0, heldPackets: 0, expired: 0 });
    expect(clock.timers).toBe(0);
  });

  it("ends at its deadline, and is counted", () => {
    const { flows, send, written, holds, clock } = holding(20);
    send();
    clock.advance(0.019);
    expect(written).toEqual([]);
    expect(holds[0]?.over).toBe(false);
    clock.advance(0.002);
    expect(written.length).toBe(1);
    expect(holds[0]?.over).toBe(true);
    holds[0]?.release();
    expect(written.length).toBe(1);
    expect(flows.counters.expired).toBe(1);
  });

  it("ends when the last of several annotators releases the batch", () => {
    const { flows, send, written, holds } = holding(1000);
    flows.annotate((_, hold) => hold(1000).release());
    flows.annotate((_, hold) => {
      holds.push(hold(1000));
    });
    send();
    holds[0]?.release();
    expect(written.length).toBe(0);
    holds[1]?.release();
    expect(written.length).toBe(1);
  });

  it("does not keep the batch if it is released at once", () => {
    const { flows, send, written } = setUp();
    flows.annotate((_, hold) => hold(1000).release());
    send();
    expect(written.length).toBe(1);
    expect(flows.counters.heldBatches).toBe(0);
  });

  it("ends even if its annotator throws afterwards", () => {
    const { flows, send, written, clock } = setUp();
    flows.annotate((_, hold) => {
      hold(50);
      throw new Error("broken");
    });
    send();
    clock.advance(0.1);
    expect(written.length).toBe(1);
  });

  it("copies the headers of the batch, because their memory may be used again", () => {
    const { flows, sampler, clock } = setUp();
    const seen: string[] = [];
    flows.annotate((_, hold) => void hold(50));
    const looking = { ...sampler, write: (packets: SampledPackets) => seen.push(...headers(packets)) };
    const batch = flows.take(looking, 3);
    batch.bytes = Uint8Array.from({ length: 1000 }, (_, i) => i & 0xff);
    batch.count = 2;
    batch.offset.set([600, 640]);
    batch.headerLength.set([3, 2]);
    flows.write(batch);
    expect(batch.bytes.length).toBeLessThan(1000);
    clock.advance(1);
    expect(seen).toEqual(["58595a", "8081"]);
  });

  it("copies headers that lie far apart without the memory between them", () => {
    const { flows, sampler, clock } = setUp();
    const seen: string[] = [];
    flows.annotate((_, hold) => void hold(50));
    const looking = { ...sampler, write: (packets: SampledPackets) => seen.push(...headers(packets)) };
    const batch = flows.take(looking, 3);
    batch.bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i & 0xff);
    batch.count = 3;
    batch.offset.set([90_001, 0, 50_000]);
    batch.headerLength.set([3, 2, 0]);
    flows.write(batch);
    expect(batch.bytes.length).toBeLessThan(100);
    clock.advance(1);
    expect(seen).toEqual(["919293", "0001", ""]);
  });

  it("may hold an empty batch", () => {
    const { flows, send, written, clock } = setUp();
    flows.annotate((_, hold) => void hold(50));
    send(0);
    clock.advance(1);
    expect(written.length).toBe(1);
  });

  it("cannot begin after the annotator has returned", () => {
    const { flows, send } = setUp();
    let late: ((milliseconds: number) => Hold) | undefined;
    flows.annotate((_, hold) => {
      late = hold;
    });
    send();
    expect(() => late?.(10)).toThrow("before its annotator returns");
  });
});
