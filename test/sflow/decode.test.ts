// Decodes the four vectors, and samples that sFlow.org does not define.

import { describe, expect, it } from "vitest";
import { dataFormat } from "../../agent/sflow/data-format.ts";
import { recordOf } from "../../agent/sflow/decode.ts";
import { hostCpu } from "../../agent/sflow/records/counter/host-cpu.ts";
import { hostDescr } from "../../agent/sflow/records/counter/host-descr.ts";
import { ifCounters } from "../../agent/sflow/records/counter/if-counters.ts";
import { portName } from "../../agent/sflow/records/counter/port-name.ts";
import { sampledHeader } from "../../agent/sflow/records/flow/sampled-header.ts";
import { type Bytes, datagram, item, join, text, u32 } from "./build.ts";
import { open, recordsOf } from "./open.ts";
import { fromHex, vectors } from "./vectors.ts";

it("decodes vector A to its original values", () => {
  const { value, samples } = open(fromHex(vectors.A));
  expect(value).toMatchObject({ subAgentId: 0, sequenceNumber: 42, uptime: 123_456 });
  expect(samples[0]).toMatchObject({
    kind: "flow",
    expanded: false,
    sequenceNumber: 7,
    source: { class: 0, index: 3 },
    samplingRate: 400,
    samplePool: 2800,
    drops: 1,
    input: { format: 0, value: 3 },
    output: { format: 0, value: 0x3fff_ffff },
  });
  const header = recordOf(recordsOf(fromHex(vectors.A)).records, sampledHeader);
  expect(header).toMatchObject({ protocol: 1, frame_length: 53, stripped: 4 });
  expect(header?.header.length).toBe(49);
});

it("decodes vector B: an unknown load average is undefined, not -1", () => {
  const { records } = recordsOf(fromHex(vectors.B));
  expect(recordOf(records, hostDescr)).toMatchObject({ hostname: "web1", os_release: "6.1.0-18", machine_type: 3 });
  expect(recordOf(records, hostCpu)).toMatchObject({ load_one: 0.5, load_five: 0.25, load_fifteen: undefined });
});

it("decodes vector C: unavailable counters are undefined", () => {
  const { records } = recordsOf(fromHex(vectors.C));
  const counters = recordOf(records, ifCounters);
  expect(counters).toMatchObject({ ifSpeed: 1_000_000_000, ifInOctets: 1000, ifOutOctets: 2000 });
  expect(counters?.ifInMulticastPkts).toBeUndefined();
  expect(recordOf(records, portName)).toEqual({ name: "eth0" });
});

it("decodes vector D", () => {
  expect(open(fromHex(vectors.D)).samples[0]).toMatchObject({
    kind: "discard",
    source: { class: 0, index: 3 },
    drops: 2,
    input: 3,
    output: 0,
    reason: 275,
  });
});

describe("the samples of InMon", () => {
  const metrics = (...fields: Bytes[]): Bytes =>
    item(dataFormat(4300, 1002), join(text("app"), u32(fields.length), ...fields));

  it("decodes custom metrics of every type", () => {
    const fields = [
      join(text("s"), u32(0), text("up")),
      join(text("c"), u32(1, 0xffff_ffff)),
      join(text("g"), u32(4, 1, 0)),
      join(text("f"), u32(5, 0x3f00_0000)),
    ];
    expect(open(datagram([metrics(...fields)])).samples[0]).toMatchObject({
      kind: "metrics",
      dataSource: "app",
      fields: [
        { name: "s", type: 0, value: "up" },
        { name: "c", type: 1, value: undefined },
        { name: "g", type: 4, value: 0x1_0000_0000 },
        { name: "f", type: 5, value: 0.5 },
      ],
    });
  });

  it("keeps the fields before a field of unknown type", () => {
    const { samples, problems } = open(datagram([metrics(join(text("a"), u32(3, 1)), join(text("b"), u32(9, 1)))]));
    expect(samples[0]).toMatchObject({ fields: [{ name: "a", value: 1 }] });
    expect(problems).toEqual([
      { path: "samples[0]", offset: 64, message: 'the count is 2 fields, only 1 found: field "b" has unknown type 9' },
    ]);
  });

  it("decodes custom flows", () => {
    const fields = [join(text("mac"), u32(1, 0x0200_0000, 0x0001_0000)), join(text("ip"), u32(2, 0x0a00_0001))];
    const flow = item(dataFormat(4300, 1003), join(text("app"), u32(10, 0, fields.length), ...fields));
    expect(open(datagram([flow])).samples[0]).toMatchObject({
      kind: "custom flow",
      samplingRate: 10,
      fields: [{ value: Uint8Array.of(2, 0, 0, 0, 0, 1) }, { value: Uint8Array.of(10, 0, 0, 1) }],
    });
  });
});
