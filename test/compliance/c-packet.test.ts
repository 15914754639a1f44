// Each check of how a flow sample describes its packet, on a sample with one fault.

import { expect, it } from "vitest";
import { extendedTcpInfo } from "../../agent/sflow/records/flow/extended-tcp-info.ts";
import { sampledHeader } from "../../agent/sflow/records/flow/sampled-header.ts";
import { type Bytes, flowSample, item, record, u32 } from "../sflow/build.ts";
import { packet, START } from "./good.ts";
import { found, one, sent } from "./sent.ts";

const INTERNAL = 0x3fff_ffff;
const [wholeHeader = new Uint8Array(0)] = packet(1, START);
const FRAME = { protocol: 1, frame_length: 132, stripped: 4, header: new Uint8Array(128) as Uint8Array };

const withRecords = (...records: Bytes[]): Bytes[] => [
  flowSample([wholeHeader, ...records], { rate: 100, pool: 100, input: [0, INTERNAL], output: [0, 3] }),
];
const header = (value: Partial<typeof FRAME>): Bytes[] => [
  flowSample([record(sampledHeader, { ...FRAME, ...value })], { rate: 100, pool: 100 }),
];
/** The header of a packet that states its own length. */
const real = wholeHeader.subarray(24, 24 + 128);

it.each<[string, Bytes[]]>([
  ["C-01", one(1, { rate: 50 })],
  ["C-15", header({ header: new Uint8Array(64) })],
  ["C-15", header({ header: new Uint8Array(200), frame_length: 204 })],
  ["C-16", header({ frame_length: 100 })],
  ["C-17", header({ stripped: 0, frame_length: 128 })],
  ["C-17", header({ header: real, frame_length: 500 })],
  ["C-19", header({ protocol: 11, header: new Uint8Array(128).fill(0x60) })],
  ["C-23", one(1, { input: [0, INTERNAL], output: [0, INTERNAL] })],
  ["C-23", one(1, { input: [0, 9], output: [0, INTERNAL] })],
  [
    "C-24",
    [...one(1, { output: [0, INTERNAL], input: [0, 3] }), ...one(2, { output: [0, 0xffff_ffff], input: [0, 3] })],
  ],
  ["C-25", one(1, { input: [0, 7], output: [0, 8] })],
  ["C-26", withRecords(item(1001, u32(5000, 0, 1, 0)))],
  ["C-26", withRecords(item(1001, u32(1, 9, 1, 0)))],
  ["C-27", withRecords(item(1002, u32(1, 0x0a00_0001, 33, 8)))],
  ["C-28", withRecords(item(2100, u32(17, 1, 2, 3, 4)))],
  ["C-29", withRecords(record(extendedTcpInfo, { ...extendedTcpInfo.unknown, dir: 1 }))],
  ["C-32", withRecords(item(1043, u32(0, 1)))],
  ["C-33", withRecords(item(1040, u32(9)))],
  ["C-34", withRecords(item(2210, u32(3, 100_005, 0, 0)))],
])("%s speaks", (id, samples) => {
  expect(found("C", sent({ at: 0, samples }))).toContain(id);
});
