// Methods, versions and counters of HTTP, by the words that web servers log. See RFC 9110, section 9, and sFlow HTTP
// Structures, "http_method" and "http_counters".

import { httpMethod } from "../../sflow/enums/application.ts";
import { httpCounters } from "../../sflow/records/counter/http-counters.ts";
import { badValue, text, whole } from "./values.ts";

const METHODS = new Map(Object.entries(httpMethod).map(([number, name]) => [name, Number(number)]));
const OTHER = 0;
const CONNECT = 8;
const method = whole(0, CONNECT);

/** Reads `GET`, or its number. Methods that the specification does not list are 0, "other". */
export const readMethod = (value: unknown): number =>
  typeof value === "string" && !/^\d/.test(value) ? (METHODS.get(value.toUpperCase()) ?? OTHER) : method(value);

const protocol = whole(0, 0xffff_ffff);

/** Reads `HTTP/1.1`, or 1001: major version * 1000 + minor version. An empty word is 0, unknown. */
export function readProtocol(value: unknown): number {
  if (typeof value !== "string" || /^\d+$/.test(value)) return protocol(value);
  if (value === "" || value === "-") return 0;
  const [, major, minor = "0"] = /^HTTP\/(\d)(?:\.(\d))?$/i.exec(text(value)) ?? [];
  if (major === undefined) throw badValue("a protocol such as HTTP/1.1", value);
  return Number(major) * 1000 + Number(minor);
}

type HttpCounters = typeof httpCounters.unknown;

const BY_METHOD: readonly (keyof HttpCounters)[] = [
  ...(["method_other_count", "method_option_count", "method_get_count", "method_head_count"] as const),
  ...(["method_post_count", "method_put_count", "method_delete_count", "method_trace_count"] as const),
  "method_connect_count",
];
const BY_STATUS: readonly (keyof HttpCounters)[] = [
  ...(["status_other_count", "status_1XX_count", "status_2XX_count", "status_3XX_count"] as const),
  ...(["status_4XX_count", "status_5XX_count"] as const),
];

export const zeroHttpCounters = (): HttpCounters =>
  Object.fromEntries(Object.keys(httpCounters.fields).map((key) => [key, 0])) as HttpCounters;

/** Counts `count` requests of one method and status. */
export function countRequests(counters: HttpCounters, methodNumber: number, status: number, count: number): void {
  for (const key of [
    BY_METHOD[methodNumber] ?? "method_other_count",
    BY_STATUS[Math.trunc(status / 100)] ?? "status_other_count",
  ])
    counters[key] = (counters[key] ?? 0) + count;
}
