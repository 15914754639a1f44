// Structures and headers that few agents send, as they are printed.

import { describe, expect, it } from "vitest";
import { bstPortBuffers } from "../../../agent/sflow/records/counter/bst-buffers.ts";
import { energy } from "../../../agent/sflow/records/counter/environment.ts";
import { ibCounters } from "../../../agent/sflow/records/counter/ib-counters.ts";
import { extended80211Payload } from "../../../agent/sflow/records/flow/extended-80211-payload.ts";
import { extendedNavTiming } from "../../../agent/sflow/records/flow/extended-nav-timing.ts";
import { httpRequest2011 } from "../../../agent/sflow/records/flow/http-request-2011.ts";
import { sampledHeader } from "../../../agent/sflow/records/flow/sampled-header.ts";
import { ethernet, hex, ipv4, tcp } from "../../packet/frames.ts";
import {
  type Bytes,
  body,
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
import { print } from "./print.ts";

const lines = (sample: Bytes): string[] => print(datagram([sample]), "text");
const flow = (record: Bytes): string[] => lines(flowSample([record]));
const counters = (record: Bytes): string[] => lines(countersSample([record]));

function element(sample: Bytes): Record<string, unknown> {
  const shown = JSON.parse(print(datagram([sample]), "json").join("")) as { samples: { elements: [never] }[] };
  return shown.samples[0]?.elements[0] ?? {};
}

const header = (protocol: number, ...parts: string[]): string[] =>
  flow(record(sampledHeader, { protocol, frame_length: 1518, stripped: 4, header: hex(...parts) }));

describe("a sampled header", () => {
  it("of a vendor's protocol has the vendor", () => {
    expect(header(1, ethernet("0030"), "aaaa0300000c2004")).toContain("VSNAP_OUI 00-00-0C");
  });

  it("may have MPLS labels before IP", () => {
    const labels = "00064040" + "000c8140";
    const frame = header(1, ethernet("8847"), labels, ipv4("06"), tcp(40000, 80));
    expect(frame).toEqual(
      expect.arrayContaining(["ethernet_type 34887", "decodedMPLS 100.0.0.64-200.0.1.64", "TCPDstPort 80"]),
    );
    expect(header(13, labels, ipv4("06"))).toEqual(
      expect.arrayContaining(["decodedMPLS 100.0.0.64-200.0.1.64", "IPProtocol 6"]),
    );
  });

  it("of 802.11 has all addresses, and the packet of a data frame", () => {
    const addresses = ["0a0000000001", "0b0000000002", "0c0000000003"].join("");
    const shown = header(15, `08010000${addresses}0000`, "aaaa03000000", "0800", ipv4("06"), tcp(40000, 80));
    expect(shown.filter((line) => /MAC|ethernet_type|TCPDstPort/.test(line))).toEqual([
      "srcMAC 0b0000000002",
      "dstMAC 0c0000000003",
      "txMAC 0b0000000002",
      "rxMAC 0a0000000001",
      "ethernet_type 2048",
      "TCPDstPort 80",
    ]);
    expect(header(15, `08430000${addresses}0000`)).not.toContain("srcMAC");
  });

  it("that was cut in its bytes shows those that are left", () => {
    const bytes = record(sampledHeader, {
      protocol: 1,
      frame_length: 1518,
      stripped: 4,
      header: hex(ethernet("0800"), ipv4("06"), tcp(40000, 80), "00".repeat(74)),
    });
    const shown = print(datagram([flowSample([bytes])]).subarray(0, -80), "text");
    expect(shown).toEqual(expect.arrayContaining(["headerLen 128", "TCPSrcPort 40000", "TCPDstPort 80"]));
  });
});

describe("802.11", () => {
  const data = hex("aaaa03000000", "0800", ipv4("06"), tcp(40000, 80));

  it("shows a decrypted payload from LLC on", () => {
    const shown = flow(record(extended80211Payload, { ciphersuite: 0x000f_ac04, data }));
    const payload = [`payloadLen ${data.length}`, "ethernet_type 2048", "srcIP 192.0.2.1", "TCPDstPort 80"];
    expect(shown).toEqual(expect.arrayContaining(["cipher_suite 1027076", ...payload]));
  });

  it("shows the records of each packet of an aggregation", () => {
    const queue = (number: number) => item(1036, u32(number));
    const pdus = item(1016, join(u32(2), u32(2), queue(7), queue(8), u32(1), queue(9)));
    expect(flow(pdus).filter((line) => /aggregation|egress_queue_id|Block_tag/.test(line))).toEqual([
      "flowBlock_tag 0:1016",
      "aggregation_num_pdus 2",
      "aggregation_pdu 0",
      "flowBlock_tag 0:1036",
      "egress_queue_id 7",
      "flowBlock_tag 0:1036",
      "egress_queue_id 8",
      "aggregation_pdu 1",
      "flowBlock_tag 0:1036",
      "egress_queue_id 9",
    ]);
    expect(element(flowSample([pdus]))).toMatchObject({
      aggregation_num_pdus: 2,
      aggregation_pdus: [{ elements: [{ egress_queue_id: 7 }, {}] }, { elements: [{ egress_queue_id: 9 }] }],
    });
    const discarded = lines(discardSample([pdus]));
    expect(discarded).toEqual(expect.arrayContaining(["discarded_aggregation_pdu 1", "discarded_egress_queue_id 9"]));
  });

  it("shows the packets of an aggregation that are whole", () => {
    const cut = item(1016, join(u32(3), u32(1), item(1036, u32(7)), u32(1), u32(1036)));
    expect(flow(cut)).toEqual(expect.arrayContaining(["aggregation_num_pdus 3", "egress_queue_id 7"]));
  });
});

describe("a structure of two layouts", () => {
  it("has the octets of InfiniBand ports if they were sent", () => {
    const words = (count: number) => item(ibCounters.format, u32(...Array.from({ length: count }, (_, i) => i)));
    expect(element(countersSample([words(16)]))).toMatchObject({ PortXmitPkts: 1, VL15Dropped: 15 });
    expect(element(countersSample([words(16)]))).not.toHaveProperty("PortXmitData");
    expect(element(countersSample([words(20)]))).toMatchObject({ PortXmitData: 1, VL15Dropped: 19 });
  });

  it("has the HTTP request of the layout that fits", () => {
    const strings = ["/x", "h", "r", "ua", "198.51.100.7", "au", "text/plain"].map(text);
    const proposed = item(httpRequest2011.format, join(u32(2), ...strings, u32(0, 50, 0, 100, 2000, 200)));
    const shown = element(flowSample([proposed]));
    expect(shown).toMatchObject({ http_method: 2, http_xff: "198.51.100.7", http_request_bytes: 50, http_status: 200 });
    expect(shown).not.toHaveProperty("http_protocol");
  });
});

describe("a counter record", () => {
  it("has a percentage for each queue of a Broadcom port", () => {
    const value = { ...bstPortBuffers.unknown, ingress_uc_pc: 1250, egress_queue_uc_pc: [5000, undefined] };
    const shown = record(bstPortBuffers, value);
    const queues = ["bst_port_egress_queue_uc_pc.0 50.00", "bst_port_egress_queue_uc_pc.1 unknown"];
    expect(counters(shown)).toEqual(expect.arrayContaining(["bst_port_ingress_uc_pc 12.50", ...queues]));
    expect(element(countersSample([shown]))).toMatchObject({ bst_port_egress_queue_uc_pc: [50, null] });
  });

  it("has unknown values of its own", () => {
    const shown = element(countersSample([record(energy, { ...energy.unknown, current: 250 })]));
    expect(shown).toMatchObject({ energy_voltage: null, energy_current: 250, energy_mJ: null });
  });

  it("that ends before its last fields shows the others", () => {
    const short = body(extendedNavTiming, extendedNavTiming.unknown).subarray(0, 8);
    expect(Object.keys(element(flowSample([item(extendedNavTiming.format, short)])))).toEqual([
      "flowBlock_tag",
      "extendedType",
      "nav_timing_type",
      "nav_timing_redirectCount",
    ]);
  });
});
