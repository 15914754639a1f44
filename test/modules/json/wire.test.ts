// What messages become on the wire, read by a strict reader that shares nothing with the agent.

import { expect, test } from "vitest";
import { limit } from "../../../agent/log/limit.ts";
import { Applications } from "../../../agent/modules/json/applications.ts";
import { Intake } from "../../../agent/modules/json/intake.ts";
import { makeLog } from "../../fakes/log.ts";
import { seededRandom } from "../../seeded-random.ts";
import { makeBench } from "../../sflow/agent-bench.ts";
import { readStrictly, type StrictSample } from "../../sflow/strict-operations.ts";
import { COUNTER_SAMPLE, CUSTOM_FLOW, FLOW_SAMPLE, HTTP, METRICS_TEXT, randomMessage } from "./messages.ts";

function makeWire(datagramBytes = 1400) {
  const bench = makeBench({ datagramBytes, polling: 0 });
  const { agent, clock, receiver, sent } = bench;
  const log = limit(makeLog(), clock);
  const settings = { application: () => ({ sampling: 1, polling: 0 }) };
  const applications = new Applications({ agent, clock, random: () => 0, settings, log });
  const intake = new Intake({ applications, custom: agent.custom, uptime: clock.uptime, log });
  let read = 0;
  return {
    ...bench,
    intake,
    send(message: unknown): StrictSample[] {
      intake.take(Buffer.from(typeof message === "string" ? message : JSON.stringify(message)), "test");
      receiver.flush();
      const samples = sent.bytes.slice(read).flatMap((bytes) => readStrictly(bytes));
      read = sent.bytes.length;
      return samples;
    },
  };
}

/** Encodes text and words by hand, as the specification says. */
const text = (value: string): string => {
  const bytes = Buffer.from(value);
  return word(bytes.length) + Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]).toString("hex");
};
const word = (value: number): string => value.toString(16).padStart(8, "0");
const long = (value: number): string => value.toString(16).padStart(16, "0");
const words = (...values: number[]): string => values.map(word).join("");

const SOCKET_6 = `${word(6)}20010db800000000000000000000000120010db8000000000000000000000002`;

test("a flow_sample is the records of the specification", () => {
  expect(makeWire().send(FLOW_SAMPLE)).toEqual([
    {
      ...{ kind: "flow", sequence: 1, source: "3:8080", words: [1, 1, 0, 0, 0, 0, 0x3fff_ffff] },
      records: [
        [2202, text("myapp") + text("search") + text("q=sflow") + text("OK") + long(120) + long(4000) + words(1500, 0)],
        [2100, `${word(6)}0a0000010a000002${words(8080, 40000)}`],
        [2101, SOCKET_6 + words(8080, 40001)],
        [2204, text("ann")],
        [2205, text("db")],
        [2203, text("front") + text("page") + text("a=1")],
      ],
    },
  ]);
});

test("a counter_sample is the records of the specification, and the host as parent", () => {
  expect(makeWire().send(COUNTER_SAMPLE)).toEqual([
    {
      ...{ kind: "counters", sequence: 1, source: "3:8080", words: [] },
      records: [
        [2002, words(2, 1)],
        [2202, text("myapp") + words(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)],
        [2203, words(1, 2) + long(3) + long(4) + words(5, 6, 7, 8)],
        [2206, words(1, 2, 3, 4, 5)],
      ],
    },
  ]);
});

test("what a counter_sample lacks is unknown", () => {
  const empty = { app_operations: {}, app_resources: {}, app_workers: {}, http_counters: {} };
  const [sample] = makeWire().send({ counter_sample: { app_name: "a", ...empty } });
  const none = "ffffffff";
  expect(sample).toMatchObject({
    records: [
      [2002, words(2, 1)],
      [2201, none.repeat(15)],
      [2202, text("a") + none.repeat(11)],
      [2203, none.repeat(2) + word(0).repeat(8)],
      [2206, word(0).repeat(3) + none.repeat(2)],
    ],
  });
});

test("an HTTP request is the record of the specification", () => {
  const strings = ["/a?b", "example.com", "r", "u", "x", "me", "text/html"].map(text).join("");
  expect(makeWire().send(HTTP)).toMatchObject([
    {
      records: [
        [2206, words(2, 1001) + strings + long(0) + long(612) + words(2000, 404)],
        [2101, `${word(6)}${"0".repeat(31)}1${"0".repeat(31)}1${words(80, 5000)}`],
      ],
    },
  ]);
});

test("rtmetric and rtflow are the samples that sflowtool knows", () => {
  const wire = makeWire();
  expect(wire.send(METRICS_TEXT)).toEqual([
    {
      ...{ kind: "rtmetric", dataSource: "ds1", words: [] },
      fields: [
        { name: "state", type: 0, value: "up" },
        { name: "hits", type: 1, value: word(7) },
        { name: "bytes", type: 2, value: "f".repeat(16) },
        { name: "users", type: 3, value: word(16) },
        { name: "size", type: 4, value: "0020000000000001" },
        { name: "load", type: 5, value: "3f000000" },
        { name: "ratio", type: 6, value: "3fd0000000000000" },
      ],
    },
  ]);
  expect(wire.send(CUSTOM_FLOW)).toEqual([
    {
      ...{ kind: "rtflow", dataSource: "rf1", words: [10, 0] },
      fields: [
        { name: "user", type: 0, value: "ann" },
        { name: "mac", type: 1, value: "001122334455" },
        { name: "from", type: 2, value: "0a010203" },
        { name: "to", type: 3, value: "20010db8000000000000000000000001" },
        { name: "count", type: 4, value: word(0xffff_ffff) },
        { name: "bytes", type: 5, value: long(5) },
        { name: "cost", type: 6, value: "3fc00000" },
        { name: "time", type: 7, value: "4004000000000000" },
      ],
    },
  ]);
});

test("texts are cut at a character, and half of a surrogate pair becomes U+FFFD", () => {
  const long = { operation: "é".repeat(20), attributes: "a\ud800b", status_descr: "漢".repeat(30) };
  const [sample] = makeWire().send({ flow_sample: { app_name: "x".repeat(40), app_operation: long } });
  const strings = ["x".repeat(32), "é".repeat(16), "a\ufffdb", "漢".repeat(21)].map(text).join("");
  expect(sample).toMatchObject({ records: [[2202, expect.stringContaining(strings)]] });
});

/** Numbers of runs; a longer one by hand: RUNS=1000000. */
const RUNS = Number(process.env["RUNS"] ?? 3000);

test.each([1400, 200, 8192])("random messages are valid in datagrams of %i bytes, and none is lost", (bytes) => {
  const random = seededRandom(bytes);
  const wire = makeWire(bytes);
  for (let i = 0; i < RUNS / 10; i++) {
    const message = randomMessage(random.below);
    const samples = wire.send(message);
    const sent = samples.flatMap((sample) => (sample.kind === "rtmetric" ? sample.fields : []));
    if (bytes < 1400) continue;
    const { rtmetric = {} } = message as { readonly rtmetric?: object };
    expect(sent.map(({ name }) => name)).toEqual(Object.keys(rtmetric).slice(1));
    expect(samples.some(({ kind }) => kind === "flow")).toBe("flow_sample" in message);
  }
  const { messages, ...others } = wire.intake.counters as Record<string, number>;
  const refused = Object.entries(others).filter(([key, count]) => key.startsWith("refused") && count > 0);
  expect([messages, refused.map(([key]) => key).filter((key) => key !== "refusedEmpty")]).toEqual([RUNS / 10, []]);
  expect(wire.sent.bytes.every(({ length }) => length <= bytes)).toBe(true);
});

test("mutated messages throw nothing, and leave no invalid sample", () => {
  const { below: pick } = seededRandom(7);
  const wire = makeWire();
  const valid = [FLOW_SAMPLE, COUNTER_SAMPLE, CUSTOM_FLOW, HTTP].map((message) => Buffer.from(JSON.stringify(message)));
  valid.push(Buffer.from(METRICS_TEXT));
  const tokens = ["null", "-1", '"', "{}", "[]", "1e999", "18446744073709551616", '"nan"', "\\ud800", ",", "}"];
  for (let i = 0; i < RUNS; i++) {
    const bytes = [...(valid[pick(valid.length)] ?? [])];
    for (let n = pick(4); n >= 0; n--) {
      const at = pick(bytes.length);
      if (pick(2) === 0) bytes[at] = pick(256);
      else bytes.splice(at, pick(6), ...Buffer.from(tokens[pick(tokens.length)] ?? ""));
    }
    wire.intake.take(Uint8Array.from(bytes), "test");
    if (i % 100 > 0) continue;
    wire.receiver.flush();
    for (const datagram of wire.sent.bytes.splice(0)) readStrictly(datagram);
  }
  expect(wire.intake.counters).toMatchObject({ messages: RUNS });
  expect(wire.failures).toEqual([]);
});
