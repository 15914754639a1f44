// Samples of applications: operations without a packet, counters that are written at once, and the formats of InMon.

import { describe, expect, test } from "vitest";
import { counterRecord, flowRecord } from "../../agent/sflow/record.ts";
import { appWorkers } from "../../agent/sflow/records/counter/app-workers.ts";
import { appInitiator, appTarget } from "../../agent/sflow/records/flow/app-actor.ts";
import { appOperation } from "../../agent/sflow/records/flow/app-operation.ts";
import { makeBench } from "./agent-bench.ts";
import { readStrictly } from "./strict-operations.ts";

const WEB = { class: 3, index: 8080 };
const INTERNAL = 0x3fff_ffff;
const context = { application: "web", operation: "get", attributes: "" };
const operation = flowRecord(appOperation, {
  ...{ context, status_descr: "", req_bytes: 1, resp_bytes: 2, uS: 3, status: 8 },
});
const actor = flowRecord(appInitiator, { actor: "é".repeat(40) });
const sampled = { samplingRate: 10, input: 0, output: INTERNAL };
const workers = { workers_active: 1, workers_idle: 2, workers_max: 3, req_delayed: undefined, req_dropped: 4 };

const samplesOf = ({ sent }: ReturnType<typeof makeBench>) => sent.bytes.flatMap((bytes) => readStrictly(bytes));

describe("an operation", () => {
  test("is a flow sample with its records, and the pool counts what passed", () => {
    const bench = makeBench();
    const sampler = bench.agent.operationSampler(WEB);
    sampler.pass(9);
    sampler.pass(1);
    sampler.writeOperation({ ...sampled, records: [operation, actor] });
    bench.receiver.flush();
    expect(samplesOf(bench)).toEqual([
      {
        ...{ kind: "flow", sequence: 1, source: "3:8080", words: [10, 10, 0, 0, 0, 0, INTERNAL] },
        records: [
          [
            2202,
            "0000000377656200000000036765740000000000000000000000000000000001000000000000000200000003" + "00000008",
          ],
          [2204, `00000040${"c3a9".repeat(32)}`],
        ],
      },
    ]);
  });

  test("loses the last records if they do not fit, and is not sent without any", () => {
    const bench = makeBench({ datagramBytes: 200 });
    const sampler = bench.agent.operationSampler(WEB);
    sampler.writeOperation({ ...sampled, records: [operation, actor, flowRecord(appTarget, { actor: "b" })] });
    sampler.writeOperation({ ...sampled, records: [] });
    bench.receiver.flush();
    expect(samplesOf(bench)).toMatchObject([
      {
        records: [
          [2202, expect.anything()],
          [2205, "0000000162000000"],
        ],
      },
    ]);
    expect(bench.agent.counters).toMatchObject({ flowSamples: 1, recordsLeftOut: 1 });
  });

  test("is counted as suppressed without a collector", () => {
    const { agent } = makeBench({ collector: false });
    agent.operationSampler(WEB).writeOperation({ ...sampled, records: [operation] });
    expect(agent.counters).toMatchObject({ flowSamples: 0, flowSamplesSuppressed: 1 });
  });
});

describe("counters of an application", () => {
  test("are sent at once, also with polling off", async () => {
    const bench = makeBench({ polling: 0 });
    bench.agent.poller(WEB).write([counterRecord(appWorkers, workers)]);
    await bench.clock.advance(1);
    expect(samplesOf(bench)).toEqual([
      {
        ...{ kind: "counters", sequence: 1, source: "3:8080", words: [] },
        records: [[2206, "000000010000000200000003ffffffff00000004"]],
      },
    ]);
  });

  test("are polled by an interval of their own, until it is withdrawn", async () => {
    const bench = makeBench({ polling: 0 });
    const poller = bench.agent.poller(WEB);
    poller.contribute((into) => into.push(counterRecord(appWorkers, workers)));
    poller.setPolling(10);
    await bench.clock.advance(60);
    expect(samplesOf(bench).length).toBeGreaterThanOrEqual(6);
    bench.agent.setPolling(300);
    poller.setPolling(undefined);
    const before = samplesOf(bench).length;
    await bench.clock.advance(60);
    expect(samplesOf(bench).length).toBeLessThanOrEqual(before + 1);
  });
});

describe("samples of InMon", () => {
  const metric = (i: number) => ({ name: `m${i}`, type: 0, value: "x".repeat(200) });

  test("have the fields in their order", () => {
    const bench = makeBench();
    bench.agent.custom.writeMetrics("ds1", [
      { name: "up", type: 0, value: "yes" },
      { name: "big", type: 2, value: 2n ** 64n - 1n },
      { name: "load", type: 5, value: 0.5 },
    ]);
    bench.agent.custom.writeFlow("rf1", 10, [
      { name: "mac", type: 1, value: Uint8Array.of(1, 2, 3, 4, 5, 6) },
      { name: "ip", type: 2, value: Uint8Array.of(10, 1, 2, 3) },
      { name: "less", type: 4, value: -1 },
      { name: "much", type: 5, value: -1n },
    ]);
    bench.receiver.flush();
    expect(samplesOf(bench)).toEqual([
      {
        ...{ kind: "rtmetric", dataSource: "ds1", words: [] },
        fields: [
          { name: "up", type: 0, value: "yes" },
          { name: "big", type: 2, value: "ffffffffffffffff" },
          { name: "load", type: 5, value: "3f000000" },
        ],
      },
      {
        ...{ kind: "rtflow", dataSource: "rf1", words: [10, 0] },
        fields: [
          { name: "mac", type: 1, value: "010203040506" },
          { name: "ip", type: 2, value: "0a010203" },
          { name: "less", type: 4, value: "ffffffff" },
          { name: "much", type: 5, value: "ffffffffffffffff" },
        ],
      },
    ]);
    expect(bench.agent.counters.customSamples).toBe(2);
  });

  test("split metrics over datagrams, and cut a flow", () => {
    const bench = makeBench();
    const fields = Array.from({ length: 20 }, (_, i) => metric(i));
    expect(bench.agent.custom.writeMetrics("ds1", fields)).toBe(0);
    expect(bench.agent.custom.writeFlow("rf1", 1, fields)).toBe(14);
    bench.receiver.flush();
    const samples = samplesOf(bench);
    expect(bench.sent.bytes.every(({ length }) => length <= 1400)).toBe(true);
    const sent = samples.flatMap((sample) => (sample.kind === "rtmetric" ? sample.fields : []));
    expect(sent.map(({ name }) => name)).toEqual(fields.map(({ name }) => name));
    expect(samples.at(-1)).toMatchObject({ kind: "rtflow", fields: fields.slice(0, 6) });
  });

  test("leave out a field that no datagram has room for", () => {
    const bench = makeBench({ datagramBytes: 200 });
    expect(bench.agent.custom.writeMetrics("ds1", [metric(1), { name: "a", type: 3, value: 1 }])).toBe(1);
    expect(bench.agent.custom.writeFlow("rf1", 1, [metric(1)])).toBe(1);
    bench.receiver.flush();
    expect(samplesOf(bench)).toMatchObject([{ kind: "rtmetric", fields: [{ name: "a" }] }]);
  });

  test("pass unchanged to a collector of compact samples", () => {
    const bench = makeBench({ polling: 0 });
    const compact: Uint8Array[] = [];
    bench.receiver.add({
      form: "compact",
      send: ({ bytes, offsets, lengths }) => {
        compact.push(bytes.slice(offsets[0], (offsets[0] ?? 0) + (lengths[0] ?? 0)));
      },
    });
    bench.agent.custom.writeMetrics("ds1", [{ name: "a", type: 3, value: 1 }]);
    bench.receiver.flush();
    expect(compact).toEqual(bench.sent.bytes);
  });
});
