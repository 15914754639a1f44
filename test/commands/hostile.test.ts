// Every command prints names of strangers without obeying them: text, JSON, log and metrics are free of characters that
// act on a terminal, and no name begins a line.

import { describe, expect, it } from "vitest";
import { unanswered } from "../../agent/commands/answer.ts";
import { check } from "../../agent/commands/check.ts";
import { decodeCommand } from "../../agent/commands/decode.ts";
import { makePaint } from "../../agent/commands/demo/paint.ts";
import { View } from "../../agent/commands/demo/view.ts";
import { broken, note } from "../../agent/commands/doctor/finding.ts";
import { doctorText } from "../../agent/commands/doctor.ts";
import { dump } from "../../agent/commands/dump.ts";
import { agentText } from "../../agent/commands/explain/agent.ts";
import { interfaceText } from "../../agent/commands/explain/interface.ts";
import { statusText } from "../../agent/commands/status/text.ts";
import { quoted } from "../../agent/config/token.ts";
import { WorkQueue } from "../../agent/host/work-queue.ts";
import { makeLogger } from "../../agent/log/make-logger.ts";
import { expose } from "../../agent/modules/metrics/exposition.ts";
import { familiesOf } from "../../agent/modules/metrics/families.ts";
import type { Status } from "../../agent/report/agent-status.ts";
import { zeroCounters } from "../../agent/sflow/counters.ts";
import { dataFormat } from "../../agent/sflow/data-format.ts";
import { counterRecord } from "../../agent/sflow/record.ts";
import { hostDescr } from "../../agent/sflow/records/counter/host-descr.ts";
import { ifCounters } from "../../agent/sflow/records/counter/if-counters.ts";
import { portName } from "../../agent/sflow/records/counter/port-name.ts";
import { jsonText } from "../../agent/text/printable.ts";
import { makeFakeClock } from "../fakes/clock.ts";
import { pieces } from "../fakes/pieces.ts";
import { countersSample, datagram as encode, item, join, record, text, u32 } from "../sflow/build.ts";
import { FORGED, HOSTILE, HOSTILE_UTF8 } from "../text/hostile.ts";
import { counters, datagram } from "./demo/samples.ts";

const ACTING = /[^\n\P{C}]|[\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** Asserts that the output has the hostile name, and neither acts on a terminal nor has a forged line. */
function expectSafe(output: string): void {
  expect(output).toContain(FORGED);
  expect(ACTING.exec(output)?.[0].codePointAt(0)?.toString(16)).toBeUndefined();
  expect(output.split("\n").filter((line) => line.trimStart().startsWith(FORGED))).toEqual([]);
}

const collector = {
  name: HOSTILE,
  address: HOSTILE,
  open: true,
  sent: 1,
  bytes: 1,
  failed: 1,
  lastError: HOSTILE,
  obstacle: HOSTILE,
};
const tap = {
  interface: HOSTILE,
  index: 2,
  state: "sampled",
  rate: 1,
  rateInForce: 1,
  why: HOSTILE,
  named: true,
  engine: HOSTILE,
  packets: 1,
  drops: 1,
  obstacle: undefined,
} as const;
const lookup = { namespace: HOSTILE, lookups: 1, hits: 1, notFound: 0, recalled: 0, errors: 0, deadline: 0 };
const report = {
  collectors: [collector],
  taps: [tap],
  lookups: [lookup, lookup],
  questions: [{ question: HOSTILE, answer: HOSTILE, failing: true, age: 1, next: 1 }],
  tables: [{ title: "Containers", columns: [HOSTILE, "n"], rows: [[HOSTILE, 1]], metric: "table" }],
  obstacle: HOSTILE,
  remedy: HOSTILE,
};
const STATUS: Status = {
  version: HOSTILE,
  pid: 1,
  uptime: 1,
  configFile: HOSTILE,
  memory: 1,
  agentAddress: { address: HOSTILE, device: HOSTILE },
  subAgentId: 1,
  counters: { ...zeroCounters(), datagrams: 1, bytes: 1 },
  interfaces: { [HOSTILE]: 1 },
  flow: { [HOSTILE]: 1 },
  suppressed: false,
  found: { [HOSTILE]: { settings: [HOSTILE], collectors: [] } },
  failures: { [HOSTILE]: 1 },
  modules: [
    { name: HOSTILE, counters: { [HOSTILE]: 1 }, report },
    { name: "docker", counters: { [HOSTILE]: 1 }, report: { obstacle: HOSTILE } },
  ],
};

describe("status", () => {
  it("as text", () => {
    for (const all of [true, false]) expectSafe(statusText(STATUS, { all, width: Number.POSITIVE_INFINITY }));
  });
  it("as JSON", () => {
    expectSafe(jsonText(STATUS));
    expect(JSON.parse(jsonText(STATUS))).toEqual(JSON.parse(JSON.stringify(STATUS)));
  });
  it("of an agent that refuses", () => {
    expectSafe(unanswered({ kind: "refused", message: HOSTILE, remedy: HOSTILE }).problem ?? "");
  });
});

describe("doctor", () => {
  const findings = [broken("blocks", HOSTILE, HOSTILE), note("collectors", HOSTILE, HOSTILE)];
  it("as text", () => expectSafe(doctorText(findings)));
  it("as JSON", () => expectSafe(jsonText({ findings })));
});

describe("explain", () => {
  const [sampled, description, remedy] = [true, HOSTILE, HOSTILE];
  const tapped = { interface: HOSTILE, sampled, rate: 1, why: HOSTILE, remedy, description, packets: 1, drops: 0 };
  const candidate = { address: HOSTILE, device: HOSTILE, score: 1, why: [HOSTILE] };
  it("an interface", () => expectSafe(interfaceText(tapped)));
  it("an interface that does not exist", () => expectSafe(interfaceText({ ...tapped, sampled: false })));
  it("the agent address", () => {
    const explained = { address: HOSTILE, why: HOSTILE, problem: HOSTILE, candidates: [candidate] };
    expectSafe(agentText({ ...explained, cannotTell: undefined }));
    expectSafe(agentText({ ...explained, cannotTell: HOSTILE }));
  });
});

describe.each(["text", "json"] as const)("check as %s", (format) => {
  const broken = HOSTILE.split(/[\r\n]+/).join(`\n${FORGED} = 1\n`);
  it.each([
    ["an unknown key", `sflow { a${HOSTILE} = b${HOSTILE} }`],
    ["an unknown block", `sflow { "${HOSTILE}" { } }`],
    ["a bad value", `sflow { collector { ip = "${HOSTILE}" } polling = "${HOSTILE}" uuid = "${HOSTILE}" }`],
    ["a bad prefix", `sflow { agent.cidr = "${HOSTILE}/8" agent.cidr = "10.0.0.0/${HOSTILE}" }`],
    ["a bad pattern", `sflow { pcap { dev.pattern = "(${HOSTILE}" } }`],
    ["a number with a tail", `sflow { collector { ip = 192.0.2.1 } polling = 30${broken} }`],
    ["an old key", `sflow { collector { ip = 192.0.2.1 } DNSSD = on DNSSD_domain = ${quoted(broken)} }`],
    ["words after the end", `sflow { } ${HOSTILE}`],
  ])("%s", (_, source) => {
    const answer = check(`/etc/${HOSTILE}.conf`, source, format);
    expectSafe(answer.text);
    if (format === "json") expect(() => JSON.parse(answer.text)).not.toThrow();
  });
  it("a file that cannot be read", () => expectSafe(check(HOSTILE, undefined, format, HOSTILE).text));
});

describe.each(["text", "json"] as const)("check --dump as %s", (format) => {
  const value = quoted(HOSTILE.replace(/[\r\n]/g, " "));
  it("a valid file", () => {
    const {
      text: shown,
      problem = "",
      exitCode,
    } = dump(
      HOSTILE,
      `sflow { collector { ip = 192.0.2.1 namespace = ${value} } agent = ${value} uuid = 00 }`.replace(
        " uuid = 00",
        "",
      ),
      format,
    );
    expect(exitCode).toBe(0);
    expectSafe(shown);
    if (format === "text") expectSafe(problem);
  });
});

describe("decode", () => {
  const field = join(text(`na${HOSTILE_UTF8}`), u32(0), text(`v${HOSTILE_UTF8}`));
  const named = record(portName, { name: HOSTILE_UTF8 });
  const descr = record(hostDescr, { ...hostDescr.unknown, hostname: HOSTILE_UTF8, os_release: HOSTILE_UTF8 });
  const bytes = encode([
    item(dataFormat(4300, 1002), join(text(HOSTILE_UTF8), u32(1), field)),
    item(dataFormat(4300, 1003), join(text(HOSTILE_UTF8), u32(1, 0, 1), field)),
    countersSample([named, descr]),
  ]);

  async function run(format: "text" | "json", input: Uint8Array, file = "-"): Promise<{ out: string; errors: string }> {
    const output = { out: "", errors: "" };
    const write = (to: "out" | "errors") => (chunk: string | Uint8Array) => {
      output[to] += typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
    };
    await decodeCommand(
      { file, format, port: 6343, listen: undefined, names: true },
      {
        files: { stream: () => undefined, exists: () => false },
        stdin: () => pieces(input),
        listen: () => Promise.reject(new Error("not in this test")),
        out: write("out"),
        complain: write("errors"),
        stop: AbortSignal.abort(),
      },
    );
    return output;
  }

  it.each(["text", "json"] as const)("prints names of custom metrics, interfaces and hosts as %s", async (format) => {
    const { out } = await run(format, bytes);
    expectSafe(out);
    if (format === "json") expect(JSON.stringify(JSON.parse(out))).toContain(JSON.stringify(HOSTILE_UTF8).slice(1, 60));
  });

  it("complains about a file with a hostile name", async () => {
    expectSafe((await run("text", new Uint8Array(0), HOSTILE)).errors);
  });
});

it.each([true, false])("demo, with colours: %s", (colour) => {
  const view = new View({
    ...{
      paint: makePaint(colour),
      ownPort: 1,
      packetsPerSecond: 1,
      width: 1000,
      interfaces: new Map([[2, HOSTILE]]),
      now: 0,
    },
  });
  const names = [counterRecord(portName, { name: HOSTILE }), counterRecord(ifCounters, ifCounters.unknown)];
  const host = [counterRecord(hostDescr, { ...hostDescr.unknown, hostname: HOSTILE, os_release: HOSTILE })];
  const lines = view.lines(datagram(1, counters("0:2", names), counters("2:1", host)), 0);
  expectSafe(
    lines
      .join("\n")
      .split("\u001b[")
      .map((part, i) => (i === 0 ? part : part.replace(/^\d+m/, "")))
      .join(""),
  );
});

it("the log", () => {
  const lines: string[] = [];
  const log = makeLogger(
    (severity, line) => lines.push(`${severity} ${line}`),
    () => 9,
  ).child(HOSTILE);
  log.error(HOSTILE);
  log.debug(1, () => HOSTILE);
  expect(lines).toHaveLength(2);
  for (const line of lines) expectSafe(line);
});

it("the page of metrics", async () => {
  const figures = { memory: 1, uptime: 1, now: 1, processor: 1, delay: { mean: 0, max: 0 } };
  expectSafe((await expose(familiesOf(STATUS, figures), new WorkQueue(makeFakeClock()))).text);
});
