// Datagrams from the field that were shown wrongly once: cut ones, older structures, rare headers.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeDatagram } from "../../../agent/sflow/decode.ts";
import { fromHex } from "../../sflow/vectors.ts";
import { print } from "./print.ts";

function read(name: string): Uint8Array {
  const text = readFileSync(new URL(`../../fixtures/decode/${name}.hex`, import.meta.url), "utf8");
  return fromHex(text.replaceAll(/#.*$/gm, ""));
}

const text = (name: string): string[] => print(read(name), "text");

/** Returns the members of all records. */
function records(name: string): Record<string, unknown>[] {
  const { samples } = JSON.parse(print(read(name), "json").join("")) as { samples: { elements: never[] }[] };
  return samples.flatMap(({ elements }) => elements);
}

const problems = (name: string) => decodeDatagram(read(name)).problems;

const COUNTERS = ["ifIndex 3", "ifInOctets 11", "ifInUcastPkts 1000", "ifOutErrors 2004", "ifPromiscuousMode 2005"];

describe("a datagram that was cut", () => {
  it("shows the number of samples that it announces, and those inside", () => {
    expect(text("fewer-samples")).toEqual(expect.arrayContaining(["samplesInPacket 3", ...COUNTERS]));
    expect(problems("fewer-samples")).toEqual([
      { path: "datagram", offset: 148, message: "the count is 3 samples, only 1 found" },
    ]);
  });

  it("shows the whole records of a sample that ends behind it", () => {
    expect(text("long-sample")).toEqual(expect.arrayContaining(["samplesInPacket 1", "sourceId 0:3", ...COUNTERS]));
    expect(problems("long-sample")).toEqual([
      { path: "datagram", offset: 28, message: "sample 0 has a length of 152 bytes, only 112 are left" },
    ]);
  });

  it("shows the fields of its header, and no others", () => {
    const header = ["datagramVersion 5", "agentSubId 100000", "agent 192.0.2.9", "packetSequenceNo 1"];
    expect(text("cut-header").slice(3)).toEqual([...header, "endDatagram   ================================="]);
    expect(problems("cut-header")).toEqual([
      { path: "datagram", offset: 20, message: "truncated, needs 4 more bytes" },
    ]);
    const json = JSON.parse(print(read("cut-header"), "json").join("")) as object;
    expect(json).toMatchObject({ datagramVersion: 5, agent: "192.0.2.9", problems: [{ offset: 20 }] });
    expect(json).not.toHaveProperty("sysUpTime");
    expect(json).not.toHaveProperty("samplesInPacket");
  });

  it.each(["long-sample", "two-tags", "broadcom-tables", "extended-url"])(
    "anywhere, %s shows what is whole",
    (name) => {
      const bytes = read(name);
      const whole = new Set(print(bytes, "text"));
      for (let length = 4; length < bytes.length; length++) {
        const cut = bytes.subarray(0, length);
        const differing = print(cut, "text").filter((line) => !whole.has(line));
        expect(differing.filter((line) => !/^(datagramSize|headerBytes|skipping) /.test(line))).toEqual([]);
        const { problems: found } = decodeDatagram(cut);
        expect(found.length, `at ${length}`).toBe(1);
        expect(found[0]?.offset).toBeLessThanOrEqual(length);
      }
    },
  );
});

describe("a field that was not sent", () => {
  it("is not shown, neither as zero nor as all ones", () => {
    expect(text("short-host-cpu")).toContain("cpu_contexts 1013");
    expect(text("short-host-cpu").filter((line) => /steal|guest|4294967295/.test(line))).toEqual([]);
    expect(records("short-host-cpu")[0]).not.toHaveProperty("cpu_steal");
  });
});

describe("a rare structure", () => {
  it("is shown with the keys of sflowtool", () => {
    const url = ["extendedType URL", "url_direction 1", "url http://example.com/x", "host example.com"];
    expect(text("extended-url")).toEqual(expect.arrayContaining(url));
    expect(records("http-request-2011")[0]).toEqual({
      flowBlock_tag: "0:2201",
      flowSampleType: "http",
      http_method: 2,
      http_protocol: 1001,
      http_uri: "/x",
      http_host: "h",
      http_referrer: "r",
      http_useragent: "ua",
      http_authuser: "au",
      http_mimetype: "text/plain",
      http_bytes: 100,
      http_duration_uS: 2000,
      http_status: 200,
    });
    const [tables = {}] = records("broadcom-tables");
    expect(Object.keys(tables).length).toBe(37);
    expect(tables).toMatchObject({
      bcm_asic_host_entries: 1000,
      bcm_ipv6_routes: 1019,
      bcm_acl_egress_slices_max: 1035,
    });
    expect(text("pfc-counters")).toEqual(expect.arrayContaining(["PFC_requests 1000", "PFC_storm_restored 1004"]));
  });

  it("has its name without the NULs that fill it up", () => {
    expect(text("padded-name")).toContain("ifName eth0");
    expect(records("padded-name")[0]).toMatchObject({ ifName: "eth0" });
  });
});

describe("a rare header", () => {
  it("has all its VLAN tags and its type", () => {
    expect(text("two-tags").filter((line) => /^(decoded|ethernet_type)/.test(line))).toEqual([
      "decodedVLAN 100",
      "decodedPriority 0",
      "decodedVLAN.1 200",
      "decodedPriority.1 0",
      "ethernet_type 2048",
    ]);
  });

  it("has the extension headers of IPv6, and the protocol behind them", () => {
    const lines = text("destination-options");
    expect(lines).toEqual(expect.arrayContaining(["IP6HeaderExtension 60", "IPProtocol 17", "UDPSrcPort 1234"]));
  });
});
