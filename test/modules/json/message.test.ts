// Messages of json { }: what is read of a valid one, and the kind and place of the fault of an invalid one.

import { describe, expect, test } from "vitest";
import { parseDocument } from "../../../agent/modules/json/document.ts";
import { Fault } from "../../../agent/modules/json/fault.ts";
import { type Message, readMessage } from "../../../agent/modules/json/message.ts";
import { COUNTER_SAMPLE, CUSTOM_FLOW, FLOW_SAMPLE, HTTP, METRICS_TEXT } from "./messages.ts";

const read = (text: string): Message => readMessage(parseDocument(text));
const readJson = (message: unknown): Message => read(JSON.stringify(message));

/** Returns the fault as `Kind place: message`. */
function faultOf(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof Fault) return `${error.kind} ${error.place}: ${error.message}`;
    throw error;
  }
  throw new Error(`accepted: ${text.slice(0, 80)}`);
}

const faultIn = (message: unknown): string => faultOf(JSON.stringify(message));
const metric = (type: string, value: unknown) => ({ rtmetric: { m: { type, value } } });
const flow = (type: string, value: unknown) => ({ rtflow: { m: { type, value } } });
const fieldOf = (message: unknown) => {
  const { rtmetric, rtflow } = readJson(message);
  return (rtmetric ?? rtflow)?.fields[0]?.value;
};
const operation = (more: object) => ({
  flow_sample: { app_name: "a", app_operation: { operation: "o", ...more } },
});
const recordValue = (message: unknown, i = 0) =>
  readJson(message).flow_sample?.records[i]?.value as Readonly<Record<string, unknown>>;

describe("is read", () => {
  test("with all records of an operation", () => {
    const sample = readJson(FLOW_SAMPLE).flow_sample;
    expect(sample).toMatchObject({ application: "myapp", port: 8080, client: false, samplingRate: 1, status: 0 });
    expect(sample?.records.map(({ type }) => type.format)).toEqual([2202, 2100, 2101, 2204, 2205, 2203]);
  });

  test("with all counters", () => {
    const sample = readJson(COUNTER_SAMPLE).counter_sample;
    expect(sample?.records.map(({ type }) => type.format)).toEqual([2202, 2203, 2206]);
    expect(sample?.records[0]?.value).toMatchObject({ application: "myapp", success: 1, unauthorized: 11 });
  });

  test("with exact numbers, although JavaScript holds only 53 bits", () => {
    expect(read(METRICS_TEXT).rtmetric).toEqual({
      dataSource: "ds1",
      fields: [
        { name: "state", type: 0, value: "up" },
        { name: "hits", type: 1, value: 7 },
        { name: "bytes", type: 2, value: 2n ** 64n - 1n },
        { name: "users", type: 3, value: 16 },
        { name: "size", type: 4, value: 9007199254740993n },
        { name: "load", type: 5, value: 0.5 },
        { name: "ratio", type: 6, value: 0.25 },
      ],
    });
    expect(readJson({ rtmetric: { a: { type: "string", value: "1234567890123456789" } } })).toMatchObject({
      rtmetric: { fields: [{ value: "1234567890123456789" }] },
    });
  });

  test("with all types of a flow", () => {
    expect(readJson(CUSTOM_FLOW).rtflow).toMatchObject({
      ...{ dataSource: "rf1", samplingRate: 10 },
      fields: [
        { value: "ann" },
        { value: Uint8Array.of(0, 0x11, 0x22, 0x33, 0x44, 0x55) },
        { value: Uint8Array.of(10, 1, 2, 3) },
        { value: expect.any(Uint8Array) },
        { value: -1 },
        { value: 5 },
        { value: 1.5 },
        { value: 2.5 },
      ],
    });
  });

  test("with a request in the words of a web server", () => {
    expect(readJson(HTTP).flow_sample).toMatchObject({ status: undefined, http: { method: 2, status: 404 } });
    expect(recordValue(HTTP)).toMatchObject({
      ...{ method: 2, protocol: 1001, uri: "/a?b", "mime-type": "text/html", req_bytes: 0, uS: 2000 },
    });
    expect(readJson(HTTP).flow_sample?.records.map(({ type }) => type.format)).toEqual([2206, 2101]);
  });

  test.each([
    ["GET", 2],
    ["get", 2],
    ["PATCH", 0],
    [7, 7],
    ["4", 4],
  ])("with method %s as %i", (method, number) => {
    expect(recordValue({ flow_sample: { app_name: "a", http_request: { method } } })).toMatchObject({ method: number });
  });

  test.each([
    ["HTTP/1.0", 1000],
    ["HTTP/2.0", 2000],
    ["HTTP/3", 3000],
    ["", 0],
    ["1001", 1001],
  ])("with protocol %s as %i", (protocol, number) => {
    expect(recordValue({ flow_sample: { app_name: "a", http_request: { protocol } } })).toMatchObject({
      protocol: number,
    });
  });

  test("in any case of keys, and without those that are null or unknown", () => {
    const message = { Flow_Sample: { APP_NAME: "a", App_Operation: { OPERATION: "o" }, service_port: null, x: [[]] } };
    expect(readJson(message).flow_sample).toMatchObject({ application: "a", port: undefined });
  });

  test("with values that hsflowd reads in its way: status, rate 0, fractions, a parent without a name", () => {
    expect(readJson(operation({ status: 11 })).flow_sample).toMatchObject({ status: 1 });
    expect(recordValue(operation({ uS: 1234.9, req_bytes: "0x10", resp_bytes: "010" }))).toMatchObject({
      ...{ uS: 1234, req_bytes: 16, resp_bytes: 8 },
    });
    const sample = { ...operation({}).flow_sample, sampling_rate: 0, app_parent_context: { operation: "p" } };
    expect(readJson({ flow_sample: sample }).flow_sample).toMatchObject({ samplingRate: 1, records: [{}] });
  });

  test("with a longer duration than the field can hold as the longest", () => {
    expect(recordValue(operation({ seconds: 7200 }))).toMatchObject({ uS: 0xffff_ffff });
    expect(recordValue(operation({ uS: 2 ** 40 }))).toMatchObject({ uS: 0xffff_ffff });
  });

  test("with the low 32 bits of a counter", () => {
    const { counter_sample: sample } = readJson({
      counter_sample: { app_name: "a", app_operations: { success: 2 ** 32 + 5 } },
    });
    expect(sample?.records[0]?.value).toMatchObject({ success: 5, other: undefined });
  });

  test("although a string has half of a surrogate pair", () => {
    expect(recordValue(operation({ attributes: "\ud800" }))).toMatchObject({ context: { attributes: "\ud800" } });
  });

  test("although an ignored value is nested deeply", () => {
    expect(read(`{"x":${"[".repeat(5000)}${"]".repeat(5000)},${JSON.stringify(operation({})).slice(1)}`)).toBeDefined();
  });
});

describe("is refused", () => {
  test.each([
    ["", "NotJson : "],
    ["nonsense", "NotJson : "],
    ['{"rtmetric":{"m":{"type":"gauge32","value":NaN}}}', "NotJson : "],
    ['{"flow_sample":{"app_name":"a"', "NotJson : "],
    ["[]", "NotJson : expected an object"],
    ["7", "NotJson : expected an object"],
    ["{}", "Empty : expected flow_sample, counter_sample, rtmetric or rtflow"],
    ['{"flow_sample":null}', "Empty : "],
    ["{".repeat(5000), "NotJson : "],
  ])("%.40s", (text, fault) => {
    expect(faultOf(text)).toContain(fault);
  });

  test.each([
    [{ flow_sample: 5 }, "WrongType flow_sample: expected an object, got 5"],
    [{ flow_sample: {} }, "Missing flow_sample: expected app_name, the name of the application"],
    [{ flow_sample: { app_name: 5 } }, "WrongType flow_sample.app_name: expected a string, got 5"],
    [{ flow_sample: { app_name: "x".repeat(256) } }, "BadValue flow_sample: expected at most 255 characters"],
    [{ flow_sample: { app_name: "a" } }, "Missing flow_sample: expected app_operation, http_request or"],
    [
      { flow_sample: { app_name: "a", app_operation: 5 } },
      "WrongType flow_sample.app_operation: expected an object, got 5",
    ],
    [operation({ uS: "x" }), "BadValue flow_sample.app_operation.uS: expected a whole number from 0 to 1844674407"],
    [operation({ status: -1 }), "BadValue flow_sample.app_operation.status: expected a whole number from 0 to 4294967"],
    [operation({ req_bytes: true }), "WrongType flow_sample.app_operation.req_bytes: "],
    [operation({ req_bytes: 1e300 }), "BadValue flow_sample.app_operation.req_bytes: "],
    [operation({ operation: ["o"] }), "WrongType flow_sample.app_operation.operation: expected a string, got an array"],
    [{ counter_sample: { app_name: "a", service_port: 65536 } }, "BadValue counter_sample.service_port: "],
    [{ counter_sample: { app_name: "a", app_workers: { workers_max: {} } } }, "got an object"],
    [{ rtmetric: {} }, "Missing rtmetric: expected a field"],
    [{ rtmetric: { m: 5 } }, "WrongType rtmetric.m: expected an object, got 5"],
    [{ rtmetric: { m: { type: "gauge32" } } }, "Missing rtmetric.m: expected value"],
    [{ rtmetric: { m: { value: 5 } } }, "Missing rtmetric.m: expected type"],
    [{ rtmetric: { "a b": { type: "gauge32", value: 5 } } }, "BadName rtmetric.a b: "],
    [{ rtmetric: { ["x".repeat(65)]: { type: "gauge32", value: 5 } } }, "BadName rtmetric.xxx"],
    [{ rtmetric: { datasource: "1a", m: {} } }, "BadName rtmetric.datasource: expected a name that begins with"],
    [{ rtmetric: { datasource: 5, m: {} } }, "WrongType rtmetric.datasource: "],
    [metric("Gauge32", 5), "UnknownType rtmetric.m: expected a type of string, counter32, counter64"],
    [metric("string", 5), "WrongType rtmetric.m.value: expected a string, got 5"],
    [metric("string", "é".repeat(128)), "BadValue rtmetric.m.value: expected a string of at most 255 bytes"],
    [metric("gauge32", 1.5), "BadValue rtmetric.m.value: expected a whole number from 0 to 4294967295, got 1.5"],
    [metric("gauge32", 2 ** 32), "BadValue rtmetric.m.value: "],
    [metric("gauge32", -1), "BadValue rtmetric.m.value: "],
    [metric("gauge32", true), "WrongType rtmetric.m.value: "],
    [metric("gauge32", "12abc"), "BadValue rtmetric.m.value: "],
    [metric("gauge32", ""), "BadValue rtmetric.m.value: "],
    [metric("gauge64", "18446744073709551616"), "BadValue rtmetric.m.value: "],
    [metric("gaugeDouble", "nan"), "BadValue rtmetric.m.value: "],
    [metric("gaugeDouble", "1e999"), "BadValue rtmetric.m.value: "],
    [metric("gaugeFloat", 1e39), "BadValue rtmetric.m.value: expected a number of single precision"],
    [flow("mac", "00:11:22:33:44"), "BadValue rtflow.m.value: expected a MAC address"],
    [flow("ip", "10.1.2"), "BadValue rtflow.m.value: expected an IPv4 address"],
    [flow("ip", "::1"), "BadValue rtflow.m.value: expected an IPv4 address"],
    [flow("ip6", "10.1.2.3"), "BadValue rtflow.m.value: expected an IPv6 address"],
    [flow("ip6", 5), "WrongType rtflow.m.value: expected a string"],
    [flow("int32", 2 ** 32), "BadValue rtflow.m.value: "],
    [flow("int64", "9".repeat(30)), "BadValue rtflow.m.value: "],
  ])("%j", (message, fault) => {
    expect(faultIn(message)).toContain(fault);
  });

  test("if a number of 2^64 or more stands in the text itself", () => {
    const text = (digits: string) => `{"rtmetric":{"m":{"type":"gauge64","value":${digits}}}}`;
    expect(read(text("18446744073709551615")).rtmetric?.fields[0]?.value).toBe(2n ** 64n - 1n);
    expect(faultOf(text("18446744073709551616"))).toContain("BadValue rtmetric.m.value: ");
    expect(faultOf(text("1e999"))).toContain("BadValue rtmetric.m.value: ");
  });

  test("as a whole if only one of its samples is invalid", () => {
    expect(faultIn({ ...FLOW_SAMPLE, ...metric("gauge32", -1) })).toContain("BadValue rtmetric.m.value: ");
  });
});

test("accepts both signs for the integers of a flow, which have 32 and 64 bits", () => {
  expect([fieldOf(flow("int32", -1)), fieldOf(flow("int32", 0xffff_ffff)), fieldOf(flow("int64", "-5"))]).toEqual([
    ...[-1, 0xffff_ffff, -5],
  ]);
});
