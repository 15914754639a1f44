// The status of the agent as text for people.

import { describe, expect, it } from "vitest";
import { duration, statusText as textOf } from "../../../agent/commands/status/text.ts";
import type { Status } from "../../../agent/report/agent-status.ts";
import type { CollectorReport, TapReport } from "../../../agent/report/report.ts";
import { zeroCounters } from "../../../agent/sflow/counters.ts";

const collector: CollectorReport = {
  name: "192.0.2.1:6343",
  address: "192.0.2.1",
  open: true,
  sent: 1234,
  bytes: 99,
  failed: 5,
  lastError: "ENETUNREACH",
  obstacle: undefined,
};
const tap: TapReport = {
  interface: "eth0",
  index: 2,
  state: "sampled",
  rate: 1000,
  rateInForce: 1000,
  why: "speed 1G / 1000000",
  named: true,
  engine: "packet-socket",
  packets: 42,
  drops: 1,
  obstacle: undefined,
};
const lo: TapReport = {
  ...tap,
  interface: "lo",
  index: 1,
  state: "unmatched",
  rate: 0,
  why: "no pcap { } block matches",
};
const idle: TapReport = { ...lo, engine: undefined, packets: 0, drops: 0 };
const unnamed: CollectorReport = { ...collector, name: "c.example:6343", address: undefined, lastError: undefined };

const STATUS: Status = {
  version: "0.1.0",
  pid: 77,
  uptime: 7384,
  configFile: "/etc/hsflowd.conf",
  memory: 51_000_000,
  agentAddress: { address: "192.0.2.9", device: "eth0" },
  subAgentId: 100_000,
  counters: { ...zeroCounters(), datagrams: 1239, bytes: 99 },
  interfaces: { notices: 21, noticesLost: 1 },
  flow: { batches: 6, packets: 70 },
  suppressed: false,
  found: {},
  failures: { annotator: 1 },
  modules: [
    { name: "collector", counters: { "192.0.2.1:6343 datagrams": 1234 }, report: { collectors: [collector, unnamed] } },
    { name: "pcap", counters: { taps: 1 }, report: { taps: [idle, tap] } },
    { name: "docker", counters: { running: 0 }, report: { obstacle: "the socket does not exist" } },
  ],
};

const WIDE = Number.POSITIVE_INFINITY;
const statusText = (status: Status) => textOf(status, { all: true, width: WIDE });
const short = (status: Status, width = WIDE) => textOf(status, { all: false, width });

describe("the short form", () => {
  it("has neither counters nor interfaces that are not sampled", () => {
    expect(short(STATUS).split("\n").slice(6)).toEqual([
      "",
      "interface  rate       sampled  drops  why",
      "eth0       1-in-1000       42      1  speed 1G / 1000000",
      "interfaces not sampled: 1",
      "",
      "docker: the socket does not exist",
      "",
      "callbacks that failed",
      "  annotator  1",
      "",
      "every counter and interface: hsflowd status --all",
      "",
    ]);
  });

  it("shows interfaces that should be sampled, and the first rows of a long table", () => {
    const missing: TapReport = { ...idle, interface: "eth9", state: "missing", why: "eth9 does not exist" };
    const rows = Array.from({ length: 12 }, (_, i) => [`group${i}`, i]);
    const report = { taps: [idle, missing], tables: [{ title: "samples", columns: ["group", "packets"], rows }] };
    const text = short({ ...STATUS, modules: [{ name: "psample", counters: {}, report }] });
    expect(text).toMatch(/^eth9 +- +0 +0 +eth9 does not exist$/m);
    expect(text).toContain("group9        9\n  2 more rows\n");
  });

  it.each([80, 72])("fits a terminal of %i columns", (width) => {
    const why = "pcap { dev.pattern=^eth[0-9]+$ } and sampling.10G of sflow { }, doubled above sampling.limit";
    const long = { ...STATUS, configFile: "/etc/hsflowd.conf.d/a-rather-long-name-of-a-file.conf" };
    const modules = [{ name: "pcap", counters: {}, report: { taps: [{ ...tap, why }], collectors: [collector] } }];
    const lines = short({ ...long, modules }, width).split("\n");
    expect(lines.filter((line) => line.length > width)).toEqual([]);
    expect(lines.join(" ").replace(/ +/g, " ")).toContain(why);
  });
});

describe("statusText", () => {
  const lines = statusText(STATUS).split("\n");

  it("shows identity, collectors, interfaces and obstacles", () => {
    expect(lines.slice(0, 9)).toEqual([
      "hsflowd 0.1.0, process 77, up 2 h 3 min, 51 MB, /etc/hsflowd.conf",
      "agent address 192.0.2.9 of eth0, sub-agent 100000",
      "",
      "collector                       sent  failed  last error",
      "192.0.2.1:6343                  1234       5  ENETUNREACH",
      "c.example:6343  no address yet  1234       5  -",
      "",
      "interface  rate       sampled  drops  why",
      "eth0       1-in-1000       42      1  speed 1G / 1000000",
    ]);
    expect(lines).toContain("interface table: notices=21 noticesLost=1");
    expect(lines).toContain("flow: batches=6 packets=70");
    expect(lines).toContain("docker: the socket does not exist");
    expect(lines.at(-2)).toBe("  annotator  1");
  });

  it("prints the tables of all blocks, but leaves out a table without rows", () => {
    const columns = ["group", "packets"];
    const tables = [
      { title: "samples by group", columns, rows: [["1", 12]] },
      { title: "nothing by group", columns, rows: [] },
    ];
    const text = statusText({ ...STATUS, modules: [{ name: "psample", counters: {}, report: { tables } }] });
    expect(text).toContain("samples by group\n  group  packets\n      1       12\n");
    expect(text).not.toContain("nothing by group");
  });

  it("shows errors that do not mean missing, with their remedies", () => {
    const fault = { code: "EMFILE", message: "no file descriptor is left", remedy: "raise it", count: 31, age: 5 };
    expect(statusText({ ...STATUS, faults: [fault] })).toContain(
      "\nno file descriptor is left, 31 times, last 5 s ago\n  remedy: raise it\n",
    );
  });

  it("shows that nothing is sent, and why", () => {
    expect(statusText({ ...STATUS, agentAddress: undefined, suppressed: true })).toContain("none: nothing is sent");
    expect(statusText({ ...STATUS, suppressed: true })).toContain("no collector can be reached yet");
    expect(statusText({ ...STATUS, modules: [] })).toContain("no block samples packets");
  });
});

it.each([
  [0, "0 s"],
  [59, "59 s"],
  [60, "1 min 0 s"],
  [3600, "1 h 0 min"],
  [93_784, "1 d 2 h"],
])("%i seconds are %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
