// `hsflowd decode`, tshark and tcpdump on one capture: what all of them decode must be the same.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ifCounters } from "../../agent/sflow/records/counter/if-counters.ts";
import { ethernet, ipv4, pcap, udp } from "../commands/decode/captures.ts";
import { packet } from "../compliance/good.ts";
import { seededRandom } from "../seeded-random.ts";
import { body, countersSample, datagram, flowSample, item } from "../sflow/build.ts";
import { randomValue } from "../sflow/random-value.ts";
import { vectorBytes } from "../sflow/vectors.ts";
import { makeFolder } from "./agent.ts";
import { tryRun } from "./command.ts";
import { tcpdump, tshark } from "./decoders.ts";

interface Shown {
  readonly agent: string;
  readonly packetSequenceNo: number;
  readonly sysUpTime: number;
  readonly samples: readonly (Record<string, unknown> & { readonly elements: readonly Record<string, unknown>[] })[];
}

const folder = makeFolder();
const file = folder.file("capture.pcap");
afterAll(() => folder.remove());

const random = seededRandom(3);
const interfaceSample = (i: number) =>
  countersSample([item(ifCounters.format, body(ifCounters, randomValue(ifCounters, random) as never))], {
    sequence: i,
    source: [0, i],
  });
const datagrams = [
  ...vectorBytes,
  ...Array.from({ length: 50 }, (_, i) =>
    datagram([i % 2 === 0 ? interfaceSample(i) : flowSample(packet(i, 1), { sequence: i, pool: 400 * i })], {
      sequence: 45 + i,
      uptime: random.uint32(),
    }),
  ),
];
let shown: Shown[];

beforeAll(() => {
  writeFileSync(file, pcap(datagrams.map((payload) => ethernet(ipv4(udp(payload))))));
  const { stdout, stderr, status } = tryRun(process.execPath, "dist/hsflowd.js", "decode", file, "--format", "json");
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  shown = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Shown);
});

test("tcpdump finds as many datagrams, and none invalid", () => {
  const seen = tcpdump(file);
  expect(seen.datagrams).toBe(shown.length);
  expect(seen.invalid).toEqual([]);
});

test("tshark finds the same datagrams", () => {
  const fields = ["sequence_number", "sysuptime", "numsamples"].map((name) => `sflow_245.${name}`);
  const rows = tshark(file, fields).map((row) => row.map(([cell]) => Number(cell)));
  expect(rows).toEqual(
    shown.map(({ packetSequenceNo, sysUpTime, samples }) => [packetSequenceNo, sysUpTime, samples.length]),
  );
});

/** Names of tshark, in the order of the record. */
const INTERFACE = {
  ifindex: "ifIndex",
  iftype: "networkType",
  ifspeed: "ifSpeed",
  ifinoct: "ifInOctets",
  ifinpkt: "ifInUcastPkts",
  ifinmcast: "ifInMulticastPkts",
  ifinbcast: "ifInBroadcastPkts",
  ifindisc: "ifInDiscards",
  ifinerr: "ifInErrors",
  ifinunk: "ifInUnknownProtos",
  ifoutoct: "ifOutOctets",
  ifoutpkt: "ifOutUcastPkts",
  ifoutmcast: "ifOutMulticastPkts",
  ifoutbcast: "ifOutBroadcastPkts",
  ifoutdisc: "ifOutDiscards",
  ifouterr: "ifOutErrors",
};

/** tshark shows "unknown" as all ones. */
const raw = (value: unknown, key: string): string =>
  value === null ? (/Octets/.test(key) ? "18446744073709551615" : "4294967295") : String(value);

test("tshark finds the same counters of interfaces, including unknown ones and those beyond 2^53", () => {
  const rows = tshark(
    file,
    Object.keys(INTERFACE).map((name) => `sflow_245.${name}`),
    "sflow_245.ifindex",
  );
  const ours = shown.flatMap(({ samples }) =>
    samples.flatMap(({ elements }) =>
      elements
        .filter((element) => "networkType" in element)
        .map((element) => Object.values(INTERFACE).map((key) => raw(element[key], key))),
    ),
  );
  expect(ours.length).toBeGreaterThan(20);
  expect(rows.map((row) => row.map(([cell]) => cell))).toEqual(ours);
});

test("tshark finds the same packet samples", () => {
  const fields = ["sampling_rate", "sample_pool", "dropped_packets"].map((name) => `sflow.flow_sample.${name}`);
  const header = ["sflow_245.header.frame_length", "sflow_245.header.payload_stripped"];
  const rows = tshark(file, [...fields, ...header], "sflow.flow_sample.sampling_rate").map((row) =>
    row.map(([cell]) => Number(cell)),
  );
  const ours = shown.flatMap(({ samples }) =>
    samples
      .filter(({ sampleType }) => sampleType === "FLOWSAMPLE")
      .map(({ elements: [first = {}], ...sample }) =>
        [
          ...["meanSkipCount", "samplePool", "dropEvents"].map((key) => sample[key]),
          ...["sampledPacketSize", "strippedBytes"].map((key) => first[key]),
        ].map(Number),
      ),
  );
  expect(ours.length).toBe(26);
  expect(rows).toEqual(ours);
});

test("a packet in a pipe is printed before the next one arrives, and the command ends at SIGINT", async () => {
  const child = spawn(process.execPath, ["dist/hsflowd.js", "decode", "-"], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  child.stdin.write(pcap([ethernet(ipv4(udp(datagrams[0] as Uint8Array)))]));
  let printed = "";
  for await (const chunk of child.stdout) {
    printed += String(chunk);
    if (printed.includes("endDatagram")) break;
  }
  expect(printed).toContain("packetSequenceNo 42\n");
  child.kill("SIGINT");
  expect(await ended).toEqual([0, null]);
});

test("a compressed capture is decoded as the capture", () => {
  writeFileSync(`${file}.gz`, gzipSync(readFileSync(file)));
  const { stdout, status } = tryRun(process.execPath, "dist/hsflowd.js", "decode", `${file}.gz`, "--format", "json");
  expect([stdout.trimEnd().split("\n").length, status]).toEqual([shown.length, 0]);
});
