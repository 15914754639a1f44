// Each check of structure and content, on a datagram with one fault.

import { expect, it } from "vitest";
import { hostDescr } from "../../agent/sflow/records/counter/host-descr.ts";
import { ifCounters } from "../../agent/sflow/records/counter/if-counters.ts";
import { portName } from "../../agent/sflow/records/counter/port-name.ts";
import { extendedNat } from "../../agent/sflow/records/flow/extended-nat.ts";
import {
  type Bytes,
  body,
  compactFlowSample,
  countersSample,
  datagram,
  flowSample,
  item,
  join,
  record,
  u32,
} from "../sflow/build.ts";
import { content } from "./a-content.ts";
import { structure } from "./a-structure.ts";
import { runChecks } from "./check.ts";
import { expectation, packet, START } from "./good.ts";
import { openStream } from "./stream.ts";

const records = packet(0, START);
const flow = flowSample(records);
const good = datagram([flow]);
const interfaceRecord = record(ifCounters, { ...ifCounters.unknown, ifIndex: 3 });
const named = (name: string): Bytes => record(portName, { name });
const queue = item(1036, u32(1));
const vlanSwitch = item(1001, u32(1, 0, 1, 0));
const output = (format: number, value: number): Bytes => flowSample(records, { output: [format, value] });
const letters = new Uint8Array(65).fill(0x61);
const mapped = Uint8Array.from([...Array(10).fill(0), 0xff, 0xff, 10, 0, 0, 1]);

const broken: readonly [id: string, ...datagrams: Bytes[]][] = [
  ["A-01", datagram([flow], { version: 4 })],
  ["A-02", datagram([flow], { agent: u32(0) })],
  ["A-03", datagram([flow], { count: 2 })],
  ["A-04", join(good, u32(0))],
  ["A-05", datagram([flowSample([item(1, new Uint8Array(17))])])],
  ["A-06", datagram([item(4, join(u32(1, 0, 3, 0), u32(7)))])],
  ["A-07", datagram([flowSample(records, { count: 3 })])],
  ["A-08", datagram([countersSample([item(1005, join(u32(3), Uint8Array.from([0x61, 0x62, 0x63, 1])))])])],
  ["A-09", datagram([countersSample([item(1, body(ifCounters, ifCounters.unknown).subarray(0, 84))])])],
  ["A-09", datagram([countersSample([item(1, join(body(ifCounters, ifCounters.unknown), u32(0)))])])],
  ["A-10", datagram([item(99, u32(1))])],
  ["A-11", datagram(Array(10).fill(flow))],
  ["A-12", datagram(Array(12).fill(flow))],
  ["A-13", datagram([])],
  [
    "A-14",
    datagram([countersSample([item(hostDescr.format, join(u32(65), letters, new Uint8Array(3 + 16), u32(3, 2, 0)))])]),
  ],
  ["A-15", datagram([countersSample([named("a\u0007")])])],
  ["A-15", datagram([countersSample([item(1005, join(u32(1), Uint8Array.from([0xc3, 0, 0, 0])))])])],
  ["A-16", datagram([flow]), datagram([compactFlowSample(records)])],
  ["A-18", datagram([flowSample([...records, ...records])])],
  ["A-19", datagram([flowSample([...records, item(extendedNat.format, u32(0, 0))])])],
  ["A-20", datagram([flowSample([queue, ...records])])],
  ["A-20", datagram([flowSample([...records, vlanSwitch])])],
  ["A-21", datagram([flowSample([...records, item(extendedNat.format, join(u32(2), mapped, u32(1, 0)))])])],
  ["A-22", datagram([countersSample([named("eth0"), interfaceRecord])])],
  ["A-23", datagram([flowSample(records, { input: [1, 3] })])],
  ["A-24", datagram([output(3, 1)])],
  ["A-24", datagram([output(1, 200)])],
  ["A-24", datagram([output(2, 1)])],
];

it.each(broken)("%s reports its fault", (id, ...payloads) => {
  const stream = openStream(payloads.map((payload) => ({ time: START, payload })));
  const { findings } = runChecks([...structure, ...content], { stream, expect: expectation });
  expect(findings.map((finding) => finding.id)).toContain(id);
});

it("accepts what is unusual and valid", () => {
  const payloads = [
    datagram([flowSample([...records, queue])]),
    datagram([output(1, 258), output(2, 0), output(2, 7)]),
    datagram([countersSample([interfaceRecord, named("eth0")])]),
    datagram([flowSample([...records, item(extendedNat.format, u32(1, 1, 1, 2))])]),
  ];
  const stream = openStream(payloads.map((payload) => ({ time: START, payload })));
  const { findings } = runChecks([...structure, ...content], { stream, expect: expectation });
  expect(findings.filter(({ id }) => id !== "A-20")).toEqual([]);
});
