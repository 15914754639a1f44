// Several types of workloads on one host: first and last samples, and shared data sources, names and virt_node.

import { describe, expect, it } from "vitest";
import { WorkQueue } from "../../agent/host/work-queue.ts";
import { showDataSource } from "../../agent/sflow/data-source.ts";
import { makeAgent } from "../../agent/sflow/make-agent.ts";
import { type Numbering, Numbers } from "../../agent/sflow/numbers.ts";
import { Receiver } from "../../agent/sflow/receiver.ts";
import { NO_READINGS, VirState } from "../../agent/workloads/records.ts";
import { WorkloadRegistry } from "../../agent/workloads/registry.ts";
import { makeFakeHost } from "../fakes/host.ts";
import { FakeInterfaces } from "../fakes/interfaces.ts";
import { Sent, stream } from "../sflow/agent-bench.ts";

const TEXTS = { "/proc/meminfo": "MemTotal: 1000 kB\nMemFree: 10 kB\n", "/proc/stat": "cpu0 1\ncpu1 1\n" };

const uuid = (byte: number): Uint8Array => new Uint8Array(16).fill(byte);
const hex = (byte: number): string => Buffer.from(uuid(byte)).toString("hex");
const DOCKER = { keyword: "docker", rank: 2, nameTraffic: false };
const SYSTEMD = { keyword: "systemd", rank: 1, nameTraffic: false };

/** Data sources of an earlier agent process. */
const left = (index: number, subject: string): Numbering => ({
  ...{ name: `counters 3:${index}`, subject },
  ...{ sequence: 7, pool: 0, drops: 0 },
});

/** Formats of the records that the tests check. */
const HOST_DESCR = 2000;
const VIRT_NODE = 2100;
const VIRT_CPU = 2101;

function setUp(...places: Numbering[]) {
  const host = makeFakeHost({ texts: TEXTS });
  const guard = (_: string, run: () => void): boolean => {
    run();
    return true;
  };
  const environment = { clock: host.clock, random: () => 0, guard, queue: new WorkQueue(host.clock) };
  const numbers = new Numbers(places);
  const receiver = new Receiver(environment, stream, numbers);
  const agent = makeAgent(environment, receiver, 20, numbers);
  const sent = new Sent();
  receiver.add(sent);
  const flows = { annotate: () => () => undefined };
  const registry = new WorkloadRegistry({ host, agent, flows, interfaces: new FakeInterfaces() });

  /** Returns the samples since the last call, each with data source, sequence number and fields of the record. */
  function take(format: number): [source: string, sequence: number, value: Record<string, unknown>][] {
    receiver.flush();
    const all = sent.samples.flatMap((sample) => {
      if (sample.kind !== "counters") return [];
      const content = sample.records.find((record) => record.format === format)?.content;
      if (content === undefined) return [];
      return [[showDataSource(sample.source), sample.sequenceNumber, content.value] as const];
    });
    sent.clear();
    return all.map(([source, sequence, value]) => [source, sequence, value as Record<string, unknown>]);
  }

  const kept = () => numbers.all.flatMap((numbering) => (numbering === undefined ? [] : [numbering.name]));
  return { host, registry, take, kept };
}

const read = () => ({ ...NO_READINGS, cpuTime: 5 });

describe("a workload", () => {
  it("is sampled at its start, at changes and at its end", () => {
    const { registry, take, kept } = setUp();
    const workload = registry.open(DOCKER).begin({ uuid: uuid(1), name: "web" }, read);
    workload?.setState(VirState.paused);
    expect(take(VIRT_CPU)).toEqual([]);
    workload?.sampleNow();
    workload?.setState(VirState.running);
    workload?.setState(VirState.running);
    workload?.end();
    workload?.end();
    workload?.sampleNow();
    expect(take(VIRT_CPU).map(([, sequence, { state }]) => [sequence, state])).toEqual([
      [1, VirState.paused],
      [2, VirState.running],
      [3, VirState.shutdown],
    ]);
    expect(kept()).not.toContain(`counters ${showDataSource(workload?.source ?? { class: 0, index: 0 })}`);
  });

  it("that ends before its first sample sends both samples", () => {
    const { registry, take } = setUp();
    registry
      .open(DOCKER)
      .begin({ uuid: uuid(1), name: "web" }, read)
      ?.end();
    expect(take(VIRT_CPU).map(([, , { state }]) => state)).toEqual([VirState.running, VirState.shutdown]);
  });

  it("gets a unique name if a workload of another type has the same", () => {
    const { registry, take } = setUp();
    const [docker, systemd] = [registry.open(DOCKER), registry.open(SYSTEMD)];
    docker.begin({ uuid: uuid(1), name: "web" }, read)?.sampleNow();
    const other = systemd.begin({ uuid: uuid(1), name: "web" }, read);
    other?.sampleNow();
    other?.rename("api");
    other?.sampleNow();
    const names = take(HOST_DESCR).map(([, , { hostname }]) => hostname);
    expect(names).toEqual(["web", `web.${hex(1).slice(0, 12)}`, "api"]);
  });

  it("has the data source of its UUID each time it runs, whichever block reports it", () => {
    const { registry } = setUp();
    const first = registry.open(DOCKER).begin({ uuid: uuid(1), name: "web" }, read);
    first?.end();
    expect(registry.open(SYSTEMD).begin({ uuid: uuid(1), name: "web" }, read)?.source).toEqual(first?.source);
  });
});

describe("virt_node", () => {
  it("is sent once, counts the workloads of all types, and ends when the last block is stopped", () => {
    const { registry, take, host } = setUp();
    const nodes = () => {
      host.clock.advance(20);
      return take(VIRT_NODE).map(([source, , { num_domains }]) => [source, num_domains]);
    };
    const [systemd, docker] = [registry.open(SYSTEMD), registry.open(DOCKER)];
    for (const byte of [1, 2]) systemd.begin({ uuid: uuid(byte), name: undefined }, read);
    docker.begin({ uuid: uuid(3), name: undefined }, read);
    nodes();
    expect(nodes()).toEqual([["2:1", 3]]);
    docker.stop();
    expect(nodes()).toEqual([["2:1", 2]]);
    systemd.stop();
    expect(nodes()).toEqual([]);
  });
});

describe("sequence numbers of an earlier process", () => {
  const DOCKERS = left(100_001, `${hex(1)} 77`);
  const SEEN = left(100_002, `${hex(2)} seen 1234`);
  const SERVICES = left(100_003, `${hex(3)} 88 systemd`);

  it("continue in the same run of a workload, and start again in another run", () => {
    const { registry, take } = setUp(DOCKERS, SERVICES);
    registry
      .open(DOCKER)
      .begin({ uuid: uuid(1), name: "web", startTime: "77" }, read)
      ?.sampleNow();
    registry
      .open(SYSTEMD)
      .begin({ uuid: uuid(3), name: "cron", startTime: "89" }, read)
      ?.sampleNow();
    expect(take(VIRT_CPU).map(([source, sequence]) => [source, sequence])).toEqual([
      ["3:100001", 8],
      ["3:100003", 1],
    ]);
  });

  it("are dropped when the block of their type knows all running workloads, and not before", () => {
    const { registry, kept } = setUp(DOCKERS, SEEN, SERVICES);
    const [docker, systemd] = [registry.open(DOCKER), registry.open(SYSTEMD)];
    docker.begin({ uuid: uuid(1), name: "web", startTime: "77" }, read);
    docker.settled();
    const workloads = () => kept().filter((name) => name.startsWith("counters 3:"));
    expect(workloads()).toEqual(["counters 3:100001", "counters 3:100003"]);
    systemd.settled();
    expect(workloads()).toEqual(["counters 3:100001"]);
  });

  it("are not used for a workload of another type", () => {
    const { registry } = setUp();
    const index = registry.open(DOCKER).begin({ uuid: uuid(9), name: "web" }, read)?.source.index ?? 0;
    const next = setUp(left(index, `${hex(4)} 88 systemd`)).registry;
    expect(next.open(DOCKER).begin({ uuid: uuid(9), name: "web" }, read)?.source.index).toBe(index + 1);
    expect(next.open(SYSTEMD).begin({ uuid: uuid(4), name: "cron" }, read)?.source.index).toBe(index);
  });

  it("continue if the block is opened again", () => {
    const { registry, take } = setUp();
    const run = { uuid: uuid(1), name: "web", startTime: "77" };
    const docker = registry.open(DOCKER);
    docker.begin(run, read)?.sampleNow();
    docker.stop();
    expect(docker.running).toBe(0);
    const again = registry.open(DOCKER);
    again.begin(run, read)?.sampleNow();
    again.settled();
    expect(take(VIRT_CPU).map(([, sequence]) => sequence)).toEqual([1, 2]);
  });
});
