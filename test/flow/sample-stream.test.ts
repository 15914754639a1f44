// Sampled packets of many sources and rates are sorted into batches, and lost samples are counted for their source.

import { describe, expect, it } from "vitest";
import type { SampledFrame } from "../../agent/flow/flows.ts";
import { Pipeline } from "../../agent/flow/pipeline.ts";
import type { Sampler } from "../../agent/sflow/agent.ts";
import { type DataSource, interfaceSource, showDataSource } from "../../agent/sflow/data-source.ts";
import type { FlowRecord } from "../../agent/sflow/record.ts";
import type { SampledPackets } from "../../agent/sflow/sampled-packets.ts";
import { makeFakeClock } from "../fakes/clock.ts";

interface Written {
  readonly source: string;
  readonly rate: number;
  readonly drops: number;
  /** The first octet of each header. */
  readonly headers: readonly number[];
}

const memory = Uint8Array.from({ length: 1024 }, (_, i) => i & 0xff);
const [eth0, eth1] = [interfaceSource(2), interfaceSource(3)];

function setUp() {
  const written: Written[] = [];
  const asked: string[] = [];
  const rows: Record<string, number | undefined>[] = [];
  const records: (readonly FlowRecord[] | undefined)[] = [];
  const write = (source: DataSource, packets: SampledPackets): void => {
    const { count, samplingRate, drops, bytes, offset } = packets;
    const headers = [...offset.subarray(0, count)].map((at) => bytes[at] as number);
    written.push({ source: showDataSource(source), rate: samplingRate, drops, headers });
    for (let i = 0; i < count; i++) rows.push(rowOf(packets, i));
    records.push(...packets.records.slice(0, count));
  };
  const flows = new Pipeline(makeFakeClock(), (error) => {
    throw error;
  });
  const stream = flows.stream({
    sampler(source): Sampler {
      asked.push(showDataSource(source));
      return { source, write: (packets) => write(source, packets) };
    },
  });
  return { flows, stream, written, asked, rows, records };
}

function rowOf(packets: SampledPackets, i: number) {
  const { headerLength, headerProtocol, frameLength, stripped, input, output, seconds, nanoseconds } = packets;
  const columns = { headerLength, headerProtocol, frameLength, stripped, input, output, seconds, nanoseconds };
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column[i]]));
}

const frame = (offset: number, samplingRate = 100, more: Partial<SampledFrame> = {}): SampledFrame => ({
  bytes: memory,
  offset,
  length: 64,
  frameLength: 1518,
  headerProtocol: 1,
  stripped: 4,
  input: 2,
  output: 3,
  direction: 1,
  samplingRate,
  seconds: 1_700_000_000,
  nanoseconds: 5,
  records: undefined,
  ...more,
});

describe("a stream of samples", () => {
  it("has a batch for each source and rate, which is sent at the flush", () => {
    const { stream, written, asked } = setUp();
    stream.add(eth0, frame(1));
    stream.add(eth1, frame(2));
    stream.add(eth0, frame(3, 50));
    stream.add(eth0, frame(4));
    expect(written).toEqual([]);
    stream.flush();
    expect(written).toEqual([
      { source: "0:2", rate: 100, drops: 0, headers: [1, 4] },
      { source: "0:2", rate: 50, drops: 0, headers: [3] },
      { source: "0:3", rate: 100, drops: 0, headers: [2] },
    ]);
    stream.flush();
    expect(written).toHaveLength(3);
    stream.add(eth0, frame(5));
    stream.flush();
    expect(written.at(-1)?.headers).toEqual([5]);
    expect(asked).toEqual(["0:2", "0:3"]);
  });

  it("copies the fields of a frame, so that the caller can reuse the object", () => {
    const { stream, rows } = setUp();
    const one = frame(1);
    stream.add(eth0, one);
    Object.assign(one, {
      length: 14,
      headerProtocol: 18,
      frameLength: 60,
      stripped: 6,
      input: 7,
      output: 0,
      seconds: 0,
    });
    stream.add(eth0, one);
    stream.flush();
    const shared = { frameLength: 1518, stripped: 4, input: 2, output: 3, seconds: 1_700_000_000, nanoseconds: 5 };
    expect(rows).toEqual([
      { headerLength: 64, headerProtocol: 1, ...shared },
      {
        headerLength: 14,
        headerProtocol: 18,
        ...shared,
        frameLength: 60,
        stripped: 6,
        input: 7,
        output: 0,
        seconds: 0,
      },
    ]);
  });

  it("sets the interface and directions of a batch for annotators", () => {
    const { flows, stream } = setUp();
    const seen: unknown[] = [];
    flows.annotate(({ interfaceIndex, direction, count }) => seen.push([interfaceIndex, ...direction.slice(0, count)]));
    stream.add(eth1, frame(1));
    stream.add(eth1, frame(1, 100, { direction: 2 }));
    stream.add({ class: 3, index: 100_001 }, frame(1));
    stream.flush();
    expect(seen).toEqual([
      [3, 1, 2],
      [0, 1],
    ]);
  });

  it("sends the records of a frame and those of annotators", () => {
    const { flows, stream, records } = setUp();
    const record = (name: string) => ({ type: { name }, value: undefined }) as unknown as FlowRecord;
    flows.annotate(({ records: lists }) => lists[0]?.push(record("annotated")));
    stream.add(eth0, frame(1, 100, { records: [record("queue")] }));
    stream.add(eth0, frame(2));
    stream.flush();
    expect(records.map((list) => list?.map(({ type }) => type.name))).toEqual([["queue", "annotated"], undefined]);
  });

  it("sends a full batch, and begins another", () => {
    const { stream, written } = setUp();
    for (let i = 0; i < 300; i++) stream.add(eth0, frame(i));
    expect(written.map(({ headers }) => headers.length)).toEqual([256]);
    stream.flush();
    expect(written.map(({ headers }) => headers.length)).toEqual([256, 44]);
  });

  it("puts packets in different memory into different batches", () => {
    const { stream, written } = setUp();
    stream.add(eth0, frame(1));
    stream.add(eth0, frame(0, 100, { bytes: Uint8Array.of(99) }));
    stream.flush();
    expect(written.map(({ headers }) => headers)).toEqual([[1], [99]]);
  });
});

describe("lost samples", () => {
  it("are sent with the next frame of their source, at the rate of that frame", () => {
    const { stream, written } = setUp();
    stream.add(eth0, frame(1));
    stream.lose(eth0, 3);
    stream.add(eth1, frame(2));
    stream.add(eth0, frame(3, 50));
    stream.add(eth0, frame(4, 50));
    stream.flush();
    expect(written.map(({ source, rate, drops }) => [source, rate, drops])).toEqual([
      ["0:2", 100, 0],
      ["0:2", 50, 3],
      ["0:3", 100, 0],
    ]);
  });

  it("are sent alone if no frame follows, at the last rate of their source", () => {
    const { stream, written } = setUp();
    stream.add(eth0, frame(1, 20));
    stream.flush();
    stream.lose(eth0, 2);
    stream.lose(eth0, 2);
    stream.flush();
    stream.flush();
    expect(written.slice(1)).toEqual([{ source: "0:2", rate: 20, drops: 4, headers: [] }]);
  });

  it("wait for a frame if no rate is known yet", () => {
    const { stream, written } = setUp();
    stream.lose(eth0, 2);
    stream.flush();
    expect(written).toEqual([]);
    stream.add(eth0, frame(1));
    stream.flush();
    expect(written).toMatchObject([{ drops: 2, headers: [1] }]);
  });
});

it("a stream keeps lost samples even if there are very many sources", () => {
  const { stream, written } = setUp();
  stream.lose(eth0, 5);
  for (let index = 10; index < 5000; index++) {
    stream.add(interfaceSource(index), frame(1));
    stream.flush();
  }
  stream.add(eth0, frame(1));
  stream.flush();
  expect(written.at(-1)).toMatchObject({ source: "0:2", drops: 5 });
});
