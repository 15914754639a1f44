// Decodes extreme numbers: 64 bits, highest bits, signs, ports of every format.

import { describe, expect, it } from "vitest";
import { dataFormat } from "../../agent/sflow/data-format.ts";
import { recordOf } from "../../agent/sflow/decode.ts";
import { ifCounters } from "../../agent/sflow/records/counter/if-counters.ts";
import { mib2TcpGroup } from "../../agent/sflow/records/counter/mib2-tcp-group.ts";
import { processor } from "../../agent/sflow/records/counter/processor.ts";
import { sfp } from "../../agent/sflow/records/counter/sfp.ts";
import { extendedGateway } from "../../agent/sflow/records/flow/extended-gateway.ts";
import { compactFlowSample, datagram, flowSample, item, record, u32 } from "./build.ts";
import { inCounters, inFlow, open } from "./open.ts";

describe("the decoder", () => {
  it("I-15 keeps 64 bits exact", () => {
    for (const ifSpeed of [2n ** 53n + 1n, 2n ** 64n - 1n]) {
      const { records } = inCounters(record(ifCounters, { ...ifCounters.unknown, ifSpeed }));
      expect(recordOf(records, ifCounters)?.ifSpeed).toBe(ifSpeed);
    }
    const octets = inCounters(record(ifCounters, { ...ifCounters.unknown, ifInOctets: 2n ** 53n + 1n })).records;
    expect(recordOf(octets, ifCounters)?.ifInOctets).toBe(2n ** 53n + 1n);
    expect(recordOf(octets, ifCounters)?.ifOutOctets).toBeUndefined();
  });

  it("I-16 reads enterprises and words with the highest bit set as positive", () => {
    const format = dataFormat(0xf_ffff, 0xfff);
    expect(format).toBe(0xffff_ffff);
    const { records } = inFlow(item(format, u32(1)), item(1036, u32(0xffff_ffff)));
    expect(records[0]?.format).toBe(0xffff_ffff);
    expect(records[1]?.content?.value).toEqual({ queue: 0xffff_ffff });
    const { samples } = open(datagram([compactFlowSample([], { source: [255, 0xff_ffff] })]));
    expect(samples[0]).toMatchObject({ source: { class: 255, index: 0xff_ffff } });
  });

  it("I-23 reads every format of a port, compact and expanded", () => {
    const outputs = [
      [0, 0x3fff_ffff],
      [1, 258],
      [2, 7],
      [3, 5],
    ] as const;
    for (const output of outputs) {
      for (const sample of [flowSample([], { output }), compactFlowSample([], { output })]) {
        expect(open(datagram([sample])).samples[0]).toMatchObject({ output: { format: output[0], value: output[1] } });
      }
    }
    const internal = flowSample([], { output: [0, 0xffff_ffff] });
    expect(open(datagram([internal])).samples[0]).toMatchObject({ output: { format: 0, value: 0xffff_ffff } });
  });

  it("I-24 reads signed fields as signed and an unknown percentage as unknown", () => {
    const { records } = inCounters(
      record(sfp, { ...sfp.unknown, module_temperature: -5000 }),
      record(mib2TcpGroup, { ...mib2TcpGroup.unknown, tcpMaxConn: -1 }),
      item(processor.format, u32(0xffff_ffff, 1250, 0, 0, 0, 0, 0)),
    );
    expect(recordOf(records, sfp)?.module_temperature).toBe(-5000);
    expect(recordOf(records, mib2TcpGroup)?.tcpMaxConn).toBe(-1);
    expect(recordOf(records, processor)).toMatchObject({ "5s_cpu": undefined, "1m_cpu": 1250 });
  });

  it.each([0, 1, 2])("I-25 reads a gateway of %i segments", (count) => {
    const segments = [
      { type: 2, as: [64_512, 64_513] },
      { type: 1, as: [] },
    ].slice(0, count);
    for (const communities of [[], [0xfde8_0001]]) {
      const value = { ...extendedGateway.unknown, nexthop: new Uint8Array(4), dst_as_path: segments, communities };
      expect(recordOf(inFlow(record(extendedGateway, value)).records, extendedGateway)).toEqual(value);
    }
  });
});
