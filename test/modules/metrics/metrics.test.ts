// metrics { }: the page for Prometheus, made from the counters of the agent.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { WorkQueue } from "../../../agent/host/work-queue.ts";
import { modules } from "../../../agent/modules/index.ts";
import { expose } from "../../../agent/modules/metrics/exposition.ts";
import { familiesOf } from "../../../agent/modules/metrics/families.ts";
import { create } from "../../../agent/modules/metrics/index.ts";
import type { AgentStatus } from "../../../agent/report/agent-status.ts";
import type { Table } from "../../../agent/report/report.ts";
import { readConfiguration } from "../../../agent/run/configuration.ts";
import { zeroCounters } from "../../../agent/sflow/counters.ts";
import { makeFakeClock } from "../../fakes/clock.ts";
import { makeFakeContext } from "../../fakes/context.ts";
import { makeFakeHost } from "../../fakes/host.ts";

const STATUS: AgentStatus = {
  agentAddress: { address: "10.0.0.1", device: "eth0" },
  subAgentId: 100_000,
  counters: { ...zeroCounters(), flowSamples: 12, datagrams: 3, bytes: 4000 },
  interfaces: { notices: 21, noticesLost: 1 },
  flow: { batches: 6, packets: 70, heldBatches: 2, heldPackets: 9, expired: 0 },
  suppressed: false,
  found: {},
  failures: { annotator: 2 },
  faults: [
    { code: "EACCES", message: "/a: permission denied", remedy: "", count: 2, age: 0 },
    { code: "EACCES", message: "/b: permission denied", remedy: "", count: 3, age: 0 },
  ],
  modules: [
    {
      name: "collector",
      counters: { "192.0.2.1:6343 datagrams": 3 },
      report: {
        collectors: [
          {
            name: "192.0.2.1:6343",
            address: "192.0.2.1",
            open: true,
            sent: 3,
            bytes: 4000,
            failed: 1,
            lastError: undefined,
            obstacle: undefined,
          },
        ],
      },
    },
    {
      name: "pcap",
      counters: { taps: 1 },
      report: {
        taps: [
          {
            interface: 'a"b\\c\n',
            index: 2,
            state: "sampled",
            rate: 100,
            rateInForce: 100,
            why: "",
            named: true,
            engine: "packet-socket",
            packets: 12,
            drops: 5,
            obstacle: undefined,
          },
        ],
      },
    },
  ],
};
const FIGURES = { memory: 50_000_000, uptime: 7.5, now: 1007.5, processor: 0.25, delay: { mean: 0.001, max: 0.01 } };

const TABLE: Table = {
  title: "Samples by group",
  columns: ["group", "interface name", "packets", "drops"],
  rows: [
    ["1", "eth0", 12, 3],
    ["2", "eth1", 0, 0],
  ],
  metric: "psample_group",
};

const { metric: _, ...UNMEASURED } = TABLE;

it("makes a family of a table: texts are labels, figures are series", async () => {
  const pcap = { name: "psample", counters: {}, report: { tables: [TABLE, UNMEASURED] } };
  const status = { ...STATUS, modules: [pcap] };
  const { text } = await expose(familiesOf(status, FIGURES), new WorkQueue(makeFakeClock()));
  expect(text.split("\n").filter((line) => line.includes("psample_group"))).toEqual([
    "# HELP hsflowd_psample_group Samples by group.",
    "# TYPE hsflowd_psample_group gauge",
    'hsflowd_psample_group{group="1",interface_name="eth0",counter="packets"} 12',
    'hsflowd_psample_group{group="1",interface_name="eth0",counter="drops"} 3',
    'hsflowd_psample_group{group="2",interface_name="eth1",counter="packets"} 0',
    'hsflowd_psample_group{group="2",interface_name="eth1",counter="drops"} 0',
  ]);
});

describe("the page", async () => {
  const { text, type } = await expose(familiesOf(STATUS, FIGURES), new WorkQueue(makeFakeClock()));

  it.each([
    'hsflowd_agent_total{counter="flowSamples"} 12',
    'hsflowd_interfaces_total{counter="noticesLost"} 1',
    'hsflowd_flow_total{counter="packets"} 70',
    "hsflowd_flow_held_batches 2",
    "hsflowd_flow_held_packets 9",
    'hsflowd_collector_datagrams_total{collector="192.0.2.1:6343"} 3',
    'hsflowd_collector_failed_total{collector="192.0.2.1:6343"} 1',
    'hsflowd_interface_samples_total{interface="a\\"b\\\\c\\n"} 12',
    'hsflowd_interface_lost_total{interface="a\\"b\\\\c\\n"} 5',
    'hsflowd_callback_failures_total{where="annotator"} 2',
    'hsflowd_faults_total{code="EACCES"} 5',
    'hsflowd_module{module="pcap",counter="taps"} 1',
    'hsflowd_module_total{module="collector",counter="192.0.2.1:6343 datagrams"} 3',
    "process_start_time_seconds 1000",
    "hsflowd_suppressed 0",
    "process_resident_memory_bytes 50000000",
    "hsflowd_event_loop_delay_max_seconds 0.01",
  ])("has %s", (line) => {
    expect(text.split("\n")).toContain(line);
  });

  it("has the versions, and no level among the totals", () => {
    expect(text).toMatch(/^hsflowd_build_info\{version="\d+\.\d+\.\d+",node="v\d[\d.]+",arch="\w+"\} 1$/m);
    expect(text).not.toContain('hsflowd_module_total{module="pcap",counter="taps"}');
  });

  it("has every metric of the alert rules", () => {
    const rules = readFileSync("packaging/fleet/prometheus-rules.yaml", "utf8");
    const names = new Set(rules.match(/(hsflowd|process)_[a-z_]+/g));
    expect([...names].filter((name) => !text.includes(`# TYPE ${name} `))).toEqual([]);
  });

  it("follows the text format, and has each family once", () => {
    const lines = text.trimEnd().split("\n");
    const sample = /^[a-z_]+(\{([a-z]+="([^"\\\n]|\\["\\n])*",?)+\})? \d+(\.\d+)?$/;
    for (const line of lines.filter((line) => line !== ""))
      expect(line).toMatch(/^# (HELP|TYPE) [a-z_]+ ./.test(line) ? /^#/ : sample);
    const types = lines.filter((line) => line.startsWith("# TYPE")).map((line) => line.split(" ")[2]);
    expect(new Set(types).size).toBe(types.length);
    expect(type).toBe("text/plain; version=0.0.4; charset=utf-8");
  });
});

describe("metrics { }", () => {
  const start = async (config: { socket: string; port: number | undefined }) => {
    const host = makeFakeHost();
    const running = create(
      { bind: "127.0.0.1", token: undefined, ...config },
      makeFakeContext({ host, wholeStatus: async () => STATUS }),
    );
    await running.start();
    return { host, running };
  };

  it("serves the page on its socket, or on a port instead, until it is stopped", async () => {
    const { host, running } = await start({ socket: "/run/m.sock", port: undefined });
    expect((await host.pages.get("/run/m.sock")?.())?.text).toContain('hsflowd_agent_total{counter="datagrams"} 3');
    expect(running.counters?.()).toEqual({ pages: 1 });
    await running.stop();
    expect(host.pages.size).toBe(0);
    const other = await start({ socket: "/run/m.sock", port: 9536 });
    expect([...other.host.pages.keys()]).toEqual([9536]);
    await other.running.stop();
  });

  it("is loaded only if the file has the block", () => {
    expect(modules.find(({ keyword }) => keyword === "metrics")).toMatchObject({ load: expect.any(Function) });
  });
});

describe("bind", () => {
  const problems = (block: string) =>
    readConfiguration(`sflow { collector { ip = 192.0.2.1 } pcap { } metrics { ${block} } }`, modules).problems.map(
      ({ severity, message }) => `${severity}: ${message}`,
    );

  it("of another address than the loopback needs a port and a token", () => {
    const token = "token = 0123456789abcdef";
    expect(problems("port = 9536 bind = 0.0.0.0")).toEqual([
      'error: metrics { } would serve everyone who can reach "0.0.0.0"',
    ]);
    expect(problems("bind = :: token = 0123456789abcdef")).toEqual(['error: metrics { } has bind = "::", and no port']);
    expect(problems("port = 9536 token = short")).toEqual([
      "error: the token of metrics { } has fewer than 16 characters",
    ]);
    for (const bind of ["127.0.0.1", "::1", "127.0.0.2"]) expect(problems(`port = 9536 bind = ${bind}`)).toEqual([]);
    expect(problems(`port = 9536 bind = 192.0.2.7 ${token}`)).toEqual([]);
  });
});
