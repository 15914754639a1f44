// Decodes datagrams with false lengths or counts, and truncated ones: only the invalid part is lost.

import { describe, expect, it } from "vitest";
import { decodeDatagram, recordOf } from "../../agent/sflow/decode.ts";
import { ifCounters } from "../../agent/sflow/records/counter/if-counters.ts";
import { portName } from "../../agent/sflow/records/counter/port-name.ts";
import { sfp } from "../../agent/sflow/records/counter/sfp.ts";
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
      { path: "samples[0].records[1]", offset: 160, message: "0:1 if_counters: truncated, needs 4 more bytes" },
    ]);
  });

  it("keeps the fields before the error", () => {
    const value = { ...ifCounters.unknown, ifIndex: 7, ifOutErrors: 9 };
    const { begun } = inCounters(item(ifCounters.format, body(ifCounters, value).subarray(0, 84))).records[0] ?? {};
    expect(begun?.value).toMatchObject({ ifIndex: 7, ifOutErrors: 9 });
    expect(Object.keys(begun?.value as object)).not.toContain("ifPromiscuousMode");
    const lanes = item(sfp.format, u32(1, 2, 3, 4, 2, ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 11));
    expect(inCounters(lanes).records[0]?.begun?.value).toMatchObject({
      module_lanes: [{ index: 1, rx_wavelength: 10 }, { index: 11 }],
    });
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
      { path: "samples[0].records[0]", offset: 88, message: "0:1002 extended_router: unknown address type 7" },
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
    expect(records[0]?.begun).toMatchObject({ value: { protocol: 1, header: u32(1, 2) }, missing: 392 });
  });

  it("I-20 keeps an 802.11 aggregation in an aggregation as bytes, at any depth", () => {
    let nested = item(1036, u32(1));
    for (let depth = 0; depth < 100; depth++) nested = item(1016, join(u32(1, 1), nested));
    const { records, problems } = inFlow(nested, item(1036, u32(5)));
    expect(records.map(({ content }) => content?.type.name)).toEqual([undefined, "extended_egress_queue"]);
    expect(records[0]).toMatchObject({ pdus: { count: 1, lists: [[{ format: 1016, content: undefined }]] } });
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

  it("I-09 reads what there is of a record longer than its sample, and continues with the next sample", () => {
    const broken = countersSample([name("a"), item(portName.format, u32(1, 0x6200_0000), 4000)]);
    const { samples, problems } = open(datagram([broken, countersSample([name("b")])]));
    expect(samples.map((sample) => "records" in sample && sample.records.length)).toEqual([2, 1]);
    expect(samples[0]).toMatchObject({ records: [{ length: 8 }, { length: 4000, content: { value: { name: "b" } } }] });
    expect(problems).toEqual([
      { path: "samples[0]", offset: 68, message: "record 1 has a length of 4000 bytes, only 8 are left" },
    ]);
  });

  it("I-09 reads the whole records of a sample longer than the datagram", () => {
    const long = join(u32(1, 0, 3, 3), name("b"), item(portName.format, u32(4), 8));
    const { samples, problems } = open(datagram([countersSample([name("a")]), item(4, long, 99)]));
    expect(samples[1]).toMatchObject({ kind: "counters", length: 99, recordCount: 3 });
    expect(samples[1]).toMatchObject({ records: [{ content: { value: { name: "b" } } }, { content: undefined }] });
    expect(problems).toEqual([
      { path: "datagram", offset: 68, message: "sample 1 has a length of 99 bytes, only 44 are left" },
    ]);
  });

  it("I-09 reports other errors of a sample longer than the datagram", () => {
    const long = join(u32(1, 0, 3, 400, 400, 0, 0, 3, 0, 4, 1), item(1002, u32(7, 24, 16)));
    expect(open(datagram([item(3, long, 400)])).problems.map(({ message }) => message)).toEqual([
      "sample 0 has a length of 400 bytes, only 64 are left",
      "0:1002 extended_router: unknown address type 7",
    ]);
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
    const { value, problems } = open(datagram([countersSample([name("a")])], { count: 3 }));
    expect(value.sampleCount).toBe(3);
    expect(problems).toEqual([{ path: "datagram", offset: 68, message: "the count is 3 samples, only 1 found" }]);
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
    expect(problems).toEqual([{ path: "datagram", offset: 68, message: "8 bytes after the last sample" }]);
  });

  it("I-22 rejects other versions, and reports their number", () => {
    for (const version of [0, 2, 4, 6, 0xffff_ffff]) {
      const { datagram: value, head, problems } = decodeDatagram(datagram([], { version }));
      expect(value).toBeUndefined();
      expect(head).toMatchObject({ version });
      const message = `version ${version} is not supported, only version 5`;
      expect(problems).toEqual([{ path: "datagram", offset: 0, message }]);
    }
  });

  it("rejects an agent address of unknown type, but accepts a datagram without agent address", () => {
    expect(decodeDatagram(datagram([], { agent: u32(3, 1) })).datagram).toBeUndefined();
    expect(open(datagram([], { agent: u32(0) })).value.agentAddress.length).toBe(0);
  });

  it("keeps the fields of a truncated header", () => {
    const { head, problems } = decodeDatagram(datagram([], { sequence: 7 }).subarray(0, 20));
    expect(head).toMatchObject({ version: 5, agentAddress: Uint8Array.of(192, 0, 2, 1), sequenceNumber: 7 });
    expect(head.uptime).toBeUndefined();
    expect(problems).toEqual([{ path: "datagram", offset: 20, message: "truncated, needs 4 more bytes" }]);
  });

  it("keeps a sample with a truncated head as bytes, and the fields before the error", () => {
    const { samples, problems } = open(datagram([item(3, u32(1, 0, 7)), countersSample([name("a")])]));
    expect(samples.map(({ kind }) => kind)).toEqual(["opaque", "counters"]);
    expect(samples[0]).toMatchObject({ begun: { kind: "flow", head: { sequenceNumber: 1, source: { index: 7 } } } });
    expect(problems).toEqual([{ path: "samples[0]", offset: 48, message: "0:3: truncated, needs 4 more bytes" }]);
  });
});
