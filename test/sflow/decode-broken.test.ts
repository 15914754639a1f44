// Decodes datagrams with false lengths or counts, and truncated ones: only the invalid part is lost.

import { describe, expect, it } from "vitest";
import { decodeDatagram, recordOf } from "../../agent/sflow/decode.ts";
import { ifCounters } from "../../agent/sflow/records/counter/if-counters.ts";
import { portName } from "../../agent/sflow/records/counter/port-name.ts";
import { extendedRouter } from "../../agent/sflow/records/flow/extended-router.ts";
import { sampledHeader } from "../../agent/sflow/records/flow/sampled-header.ts";
import { type Bytes, body, countersSample, datagram, item, join, u32 } from "./build.ts";
import { inCounters, inFlow, name, open, recordsOf } from "./open.ts";
import { vectorBytes } from "./vectors.ts";

describe("an error inside a record", () => {
  it("I-05 reports only the record that is too short", () => {
    const short = item(ifCounters.format, body(ifCounters, ifCounters.unknown).subarray(0, 84));
    const { records, problems } = inCounters(name("a"), short, name("b"));
    expect(records.map(({ content }) => content?.type.name)).toEqual(["port_name", undefined, "port_name"]);
    expect(records[1]?.bytes.length).toBe(84);
    expect(problems).toEqual([
      { path: "samples[0].records[1]", message: "0:1 if_counters: truncated, needs 4 more bytes" },
    ]);
  });

  it("I-06 reads no bytes for an address of type 0", () => {
    const { records, problems } = inFlow(item(1002, u32(0, 24, 16)));
    expect(recordOf(records, extendedRouter)).toEqual({
      nexthop: new Uint8Array(0),
      src_mask_len: 24,
      dst_mask_len: 16,
    });
    expect(problems).toEqual([]);
  });

  it("I-07 loses only the record with an address of type 7", () => {
    const { records, problems } = inFlow(item(1002, u32(7, 1, 2, 3)), item(1036, u32(5)));
    expect(records.map(({ content }) => content?.type.name)).toEqual([undefined, "extended_egress_queue"]);
    expect(problems).toEqual([
      { path: "samples[0].records[0]", message: "0:1002 extended_router: unknown address type 7" },
    ]);
  });

  it("I-11 rejects string lengths that would wrap", () => {
    for (const length of [0xffff_ffff, 0xffff_fffd, 0x8000_0000]) {
      const { records, problems } = inCounters(item(portName.format, u32(length, 0x6574_6830)), name("b"));
      expect(records.map(({ content }) => content?.type.name)).toEqual([undefined, "port_name"]);
      expect(problems.length).toBe(1);
    }
  });

  it("I-12 accepts an empty header, and rejects one longer than its record", () => {
    const header = (length: number, ...bytes: number[]): Bytes => item(1, join(u32(1, 64, 4, length), u32(...bytes)));
    expect(recordOf(inFlow(header(0)).records, sampledHeader)?.header).toEqual(new Uint8Array(0));
    const { records, problems } = inFlow(header(400, 1, 2), item(1036, u32(5)));
    expect(records[1]?.content?.value).toEqual({ queue: 5 });
    expect(problems[0]?.message).toBe("0:1 sampled_header: truncated, needs 392 more bytes");
  });

  it("I-20 keeps 802.11 aggregation as bytes, at any depth", () => {
    let nested = item(1036, u32(1));
    for (let depth = 0; depth < 100; depth++) nested = item(1016, join(u32(1, 1), nested));
    const { records, problems } = inFlow(nested, item(1036, u32(5)));
    expect(records.map(({ content }) => content?.type.name)).toEqual([undefined, "extended_egress_queue"]);
    expect(problems).toEqual([]);
  });

  it("I-21 decodes invalid UTF-8 to replacement characters", () => {
    const invalid = item(portName.format, join(u32(4), Uint8Array.from([0x65, 0xff, 0xc3, 0x28])));
    expect(recordOf(inCounters(invalid).records, portName)).toEqual({ name: "e\ufffd\ufffd(" });
  });
});

describe("an error around records and samples", () => {
  it("I-08 rounds a length up to a multiple of 4", () => {
    const header = join(u32(1, 69, 4, 65), new Uint8Array(65).fill(7));
    const { records, problems } = inFlow(item(1, header), item(1036, u32(5)));
    expect(records[0]?.bytes.length).toBe(81);
    expect(recordOf(records, sampledHeader)?.header.length).toBe(65);
    expect(records[1]?.content?.value).toEqual({ queue: 5 });
    expect(problems).toEqual([]);
  });

  it("I-09 stops at a record that is longer than its sample, and continues with the next sample", () => {
    const broken = countersSample([name("a"), item(portName.format, u32(1, 2), 4000)]);
    const { samples, problems } = open(datagram([broken, countersSample([name("b")])]));
    expect(samples.map((sample) => "records" in sample && sample.records.length)).toEqual([1, 1]);
    expect(problems).toEqual([{ path: "samples[0]", message: "record 1 has a length of 4000 bytes, only 8 are left" }]);
  });

  it("I-09 stops at a sample that is longer than the datagram", () => {
    const { samples, problems } = open(datagram([countersSample([name("a")]), item(4, u32(1), 99)]));
    expect(samples.length).toBe(1);
    expect(problems).toEqual([{ path: "datagram", message: "sample 1 has a length of 99 bytes, only 4 are left" }]);
  });

  it.each([0, 0xffff_ffff, 0x8000_0000])("I-10 reads the records that exist, with a false count of %i", (count) => {
    const samples = open(datagram([countersSample([name("a")])], { count })).samples;
    const records = recordsOf(datagram([countersSample([name("a")], { count })])).records;
    expect(samples.length).toBe(Math.min(count, 1));
    expect(records.length).toBe(Math.min(count, 1));
    const nested = inCounters(item(2001, u32(count, 1, count)), item(10, u32(1, 1, 1, 1, count)));
    expect(nested.records.length).toBe(2);
  });

  it("I-10 reports the count and the number found", () => {
    const { problems } = open(datagram([countersSample([name("a")])], { count: 3 }));
    expect(problems).toEqual([{ path: "datagram", message: "the count is 3 samples, only 1 found" }]);
  });

  it("I-13 decodes every prefix of the vectors without throwing", () => {
    for (const bytes of vectorBytes) {
      for (let length = 0; length < bytes.length; length++) {
        expect(decodeDatagram(bytes.subarray(0, length)).problems.length).toBeGreaterThan(0);
      }
      expect(decodeDatagram(bytes).problems).toEqual([]);
    }
  });

  it("I-19 reports trailing bytes and ignores them", () => {
    const { samples, problems } = open(join(datagram([countersSample([name("a")])]), u32(1, 2)));
    expect(samples.length).toBe(1);
    expect(problems).toEqual([{ path: "datagram", message: "8 bytes after the last sample" }]);
  });

  it("I-22 rejects other versions, and reports their number", () => {
    for (const version of [0, 2, 4, 6, 0xffff_ffff]) {
      const { datagram: value, problems } = decodeDatagram(datagram([], { version }));
      expect(value).toBeUndefined();
      expect(problems).toEqual([{ path: "datagram", message: `version ${version} is not supported, only version 5` }]);
    }
  });

  it("rejects an agent address of unknown type, but accepts a datagram without agent address", () => {
    expect(decodeDatagram(datagram([], { agent: u32(3, 1) })).datagram).toBeUndefined();
    expect(open(datagram([], { agent: u32(0) })).value.agentAddress.length).toBe(0);
  });

  it("keeps a sample with a truncated fixed part as bytes", () => {
    const { samples, problems } = open(datagram([item(3, u32(1, 2)), countersSample([name("a")])]));
    expect(samples.map(({ kind }) => kind)).toEqual(["opaque", "counters"]);
    expect(problems).toEqual([{ path: "samples[0]", message: "0:3: truncated, needs 4 more bytes" }]);
  });
});
