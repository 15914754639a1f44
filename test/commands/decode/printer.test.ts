// Printed datagrams: the keys of sflowtool in text, and valid JSON for any content of a datagram.

import { describe, expect, it } from "vitest";
import type { Format } from "../../../agent/cli/parse-arguments.ts";
import { dataFormat } from "../../../agent/sflow/data-format.ts";
import { counterTypes, flowTypes } from "../../../agent/sflow/records/catalog.ts";
import { hostCpu } from "../../../agent/sflow/records/counter/host-cpu.ts";
import { ifCounters } from "../../../agent/sflow/records/counter/if-counters.ts";
import { portName } from "../../../agent/sflow/records/counter/port-name.ts";
import { extendedTcpInfo } from "../../../agent/sflow/records/flow/extended-tcp-info.ts";
import { seededRandom } from "../../seeded-random.ts";
import {
  body,
  compactFlowSample,
  countersSample,
  datagram,
  discardSample,
  flowSample,
  item,
  join,
  record,
  text,
  u32,
} from "../../sflow/build.ts";
import { randomValue } from "../../sflow/random-value.ts";
import { fromHex, vectors } from "../../sflow/vectors.ts";
import { print } from "./print.ts";

const origin = { source: "198.51.100.9", seconds: 1_700_000_000, microseconds: 250 };
const show = (bytes: Uint8Array, format: Format, names = false) => print(bytes, format, names, origin);
const lines = (bytes: Uint8Array, names = false): readonly string[] => show(bytes, "text", names);

interface Shown {
  readonly samples: readonly (Record<string, unknown> & { readonly elements: readonly Record<string, unknown>[] })[];
  readonly problems?: readonly unknown[];
}

function json(bytes: Uint8Array): Shown {
  const shown = show(bytes, "json");
  expect(shown.length).toBe(1);
  expect(shown[0]).not.toContain("\n");
  return JSON.parse(shown[0] as string) as Shown;
}

describe("text", () => {
  it("frames datagram and samples as sflowtool does", () => {
    expect(lines(fromHex(vectors.A)).slice(0, 21)).toEqual([
      "startDatagram =================================",
      "datagramSourceIP 198.51.100.9",
      "datagramSize 144",
      "unixSecondsUTC 1700000000",
      "unixSecondsUTC_uS 250",
      "datagramVersion 5",
      "agentSubId 0",
      "agent 192.0.2.1",
      "packetSequenceNo 42",
      "sysUpTime 123456",
      "samplesInPacket 1",
      "startSample ----------------------",
      "sampleType_tag 0:1",
      "sampleType FLOWSAMPLE",
      "sampleSequenceNo 7",
      "sourceId 0:3",
      "meanSkipCount 400",
      "samplePool 2800",
      "dropEvents 1",
      "inputPort 3",
      "outputPort 1073741823",
    ]);
  });

  it("shows the sampled packet's addresses and ports", () => {
    expect(lines(fromHex(vectors.A))).toEqual(
      expect.arrayContaining([
        "flowBlock_tag 0:1",
        "flowSampleType HEADER",
        "sampledPacketSize 53",
        "strippedBytes 4",
        "headerLen 49",
        "dstMAC 020000000002",
        "srcMAC 020000000001",
        "IPSize 35",
        "srcIP 10.0.0.1",
        "dstIP 10.0.0.2",
        "IPProtocol 17",
        "UDPSrcPort 5000",
        "UDPDstPort 53",
      ]),
    );
  });

  it("shows unknown counters and load averages with their values on the wire", () => {
    expect(lines(fromHex(vectors.C))).toContain("ifInMulticastPkts 4294967295");
    expect(lines(fromHex(vectors.B))).toEqual(
      expect.arrayContaining([
        "UUID 11121314-1516-1718-191a-1b1c1d1e1f20",
        "cpu_load_fifteen -1.000",
        "cpuinterrupts 123456",
      ]),
    );
  });

  it("escapes line breaks and control characters in a string", () => {
    const bytes = datagram([countersSample([record(portName, { name: "a\nb\u0000\u2028c" })])]);
    expect(lines(bytes)).toContain("ifName a\\u000ab\\u0000\\u2028c");
  });

  it("prints the format of unknown samples and records, which it skips", () => {
    const bytes = datagram([item(99, u32(1)), flowSample([item(999, u32(1, 2))])]);
    expect(lines(bytes)).toContain("skipping unknown sample: 0:99 len=4");
    expect(lines(bytes)).toContain("skipping unknown flow_sample_element: 0:999 len=8");
  });

  it.each([
    [[0, 7], "7"],
    [[1, 258], "dropCode 258"],
    [[2, 7], "multiple 7"],
    [[3, 7], "format==3 7"],
  ] as const)("I-23 shows output %j", (output, shown) => {
    for (const sample of [flowSample([], { output }), compactFlowSample([], { output })]) {
      expect(lines(datagram([sample]))).toContain(`outputPort ${shown}`);
    }
  });

  it.each([
    [3, "port_unreachable"],
    [33, "dev_hdr"],
    [332, "dev_hdr"],
    [36, "tc_egress"],
    [366, "tc_egress"],
    [372, "bgp_flowspec"],
    [200, "NotFound"],
  ])("I-23 names drop reason %i", (reason, name) => {
    const shown = lines(datagram([discardSample([], { reason })]));
    expect(shown).toEqual(expect.arrayContaining([`discardCode ${reason}`, `discardReason ${name}`]));
  });

  it("adds names of enumerated values with --names", () => {
    expect(lines(fromHex(vectors.B), true)).toContain("machine_type_name x86_64");
    expect(lines(fromHex(vectors.B))).not.toContain("machine_type_name x86_64");
    const info = record(extendedTcpInfo, { ...extendedTcpInfo.unknown, dir: 2, rtt: 500 });
    expect(lines(datagram([flowSample([info])]))).toEqual(
      expect.arrayContaining(["tcpinfo_direction sent", "tcpinfo_rtt_uS 500"]),
    );
  });

  it("shows custom metrics", () => {
    const fields = [join(text("up"), u32(0), text("yes")), join(text("load"), u32(5, 0x3f00_0000))];
    const sample = item(dataFormat(4300, 1002), join(text("app"), u32(fields.length), ...fields));
    expect(lines(datagram([sample]))).toEqual(
      expect.arrayContaining(['rtmetric up = (string) "yes"', "rtmetric load = (gaugefloat) 0.500"]),
    );
  });
});

describe("JSON", () => {
  it("nests samples and elements, formats numbers as JSON numbers and unknown values as null", () => {
    const { samples } = json(fromHex(vectors.C));
    expect(samples[0]).toMatchObject({ sampleType_tag: "0:4", sampleType: "COUNTERSSAMPLE", sourceId: "0:3" });
    expect(samples[0]?.elements[0]).toMatchObject({ networkType: 6, ifInOctets: 1000, ifInMulticastPkts: null });
  });

  it("I-15 writes numbers beyond 2^53 as strings", () => {
    const value = {
      ...ifCounters.unknown,
      ifSpeed: 2n ** 64n - 1n,
      ifInOctets: 2n ** 53n + 1n,
      ifOutOctets: 2 ** 53 - 1,
    };
    const [element] = json(datagram([countersSample([record(ifCounters, value)])])).samples[0]?.elements ?? [];
    expect(element).toMatchObject({
      ifSpeed: "18446744073709551615",
      ifInOctets: "9007199254740993",
      ifOutOctets: 9007199254740991,
    });
  });

  it.each([
    [0x7fc0_0000, "NaN"],
    [0x7f80_0000, "Infinity"],
    [0xff80_0000, "-Infinity"],
  ])("I-17 is valid JSON with a float of %i", (word, shown) => {
    const loads = join(u32(word, 0, 0), body(hostCpu, hostCpu.unknown).subarray(12));
    const { samples } = json(datagram([countersSample([item(hostCpu.format, loads)])]));
    expect(samples[0]?.elements[0]?.["cpu_load_one"]).toBe(shown);
  });

  it.each(['a"b\\c', "\u0000\u001f\n", "漢🦊", "\u2028"])("keeps the string %j intact", (name) => {
    const { samples } = json(datagram([countersSample([record(portName, { name })])]));
    expect(samples[0]?.elements[0]?.["ifName"]).toBe(name);
  });

  it("I-21 is valid JSON with invalid UTF-8", () => {
    const invalid = item(portName.format, join(u32(4), Uint8Array.from([0x65, 0xff, 0xc3, 0x28])));
    expect(json(datagram([countersSample([invalid])])).samples[0]?.elements[0]?.["ifName"]).toBe("e\ufffd\ufffd(");
  });

  it("lists the problems of a datagram, also if its header cannot be decoded", () => {
    const short = datagram([countersSample([item(ifCounters.format, u32(1))])]);
    expect(json(short).problems).toEqual([
      { path: "samples[0].records[0]", offset: 64, message: "0:1 if_counters: truncated, needs 4 more bytes" },
    ]);
    expect(json(datagram([], { version: 4 })).problems).toEqual([
      { path: "datagram", offset: 0, message: "version 4 is not supported, only version 5" },
    ]);
  });
});

describe("every record of the catalog", () => {
  it.each([...flowTypes, ...counterTypes].map((type) => [type.name, type] as const))("%s", (_, type) => {
    const sample = type.kind === "flow_data" ? flowSample : countersSample;
    for (let seed = 1; seed <= 3; seed++) {
      const bytes = datagram([sample([record(type, randomValue(type, seededRandom(seed)))])]);
      expect(Object.keys(json(bytes).samples[0]?.elements[0] ?? {}).length).toBeGreaterThan(0);
      const shown = lines(bytes);
      expect(shown.filter((line) => !/^\S+ +[^\n\r]*$/.test(line))).toEqual([]);
      expect(shown.join("\n")).not.toMatch(/undefined|\[object/);
    }
  });
});
