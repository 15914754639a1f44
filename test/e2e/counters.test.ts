// Every field of every counter record, read on this machine and received from the running agent, compared with the
// kernel.

import { afterAll, beforeAll, describe, expect } from "vitest";
import { makeLinuxHost } from "../../agent/host/linux.ts";
import { makeInterfaces } from "../../agent/interfaces/table.ts";
import { create as createHost } from "../../agent/modules/host/index.ts";
import { create as createInterfaces } from "../../agent/modules/interfaces/index.ts";
import { showDataSource } from "../../agent/sflow/data-source.ts";
import { decodeDatagram } from "../../agent/sflow/decode.ts";
import type { CounterRecord } from "../../agent/sflow/record.ts";
import { makeFakeAgent } from "../fakes/agent.ts";
import { makeFakeContext, makeFakeSettings } from "../fakes/context.ts";
import { makeLog } from "../fakes/log.ts";
import type { Agent } from "./agent.ts";
import { run, sleep } from "./command.ts";
import { test } from "./fixture.ts";
import { differences, type KernelRecorder, recordKernel, type Snapshot, type SourceTruth } from "./kernel-snapshots.ts";
import { connect, type Namespace } from "./namespaces.ts";
import type { Receiver } from "./receiver.ts";

const UUID = "a1b2c3d4e5f60718293a4b5c6d7e8f90";
const HOST_RECORDS = [2000, 2001, 2003, 2004, 2005, 2006, 2007, 2008, 2009, 2010];

interface Received {
  readonly source: string;
  readonly sequence: number;
  readonly time: number;
  readonly records: readonly CounterRecord[];
}

const now = () => Date.now() / 1000;

/** The kernel's values of a source, with the UUID that the agent was started with. */
const truthOf = (source: string, snapshots: readonly Snapshot[]): SourceTruth[] =>
  snapshots.flatMap(({ sources }) => {
    const truth = sources[source];
    if (truth?.["host_descr"] === undefined) return truth === undefined ? [] : [truth];
    return [{ ...truth, host_descr: { ...truth["host_descr"], uuid: UUID } }];
  });

const judge = (source: string, records: readonly CounterRecord[], snapshots: readonly Snapshot[]): string[] =>
  records.flatMap((record) => differences(record, truthOf(source, snapshots))).map((line) => `${source} ${line}`);

/** Fields whose wrong value the comparison would not report. */
const blindSpots = (source: string, records: readonly CounterRecord[], snapshots: readonly Snapshot[]): string[] =>
  records.flatMap(({ type, value }) =>
    Object.entries(value as Record<string, unknown>).flatMap(([field, said]) => {
      const wrong = { type, value: { ...(value as object), [field]: typeof said === "number" ? said + 2 ** 31 : 5 } };
      const found = judge(source, [wrong], snapshots);
      return found.length === 1 && found[0]?.includes(`.${field}: `) ? [] : [`${type.name}.${field}`];
    }),
  );

describe("read in this process, on this machine", () => {
  const here: Namespace = {
    name: "",
    path: "/proc/self/ns/net",
    command: (...words) => words as [string, ...string[]],
    run: (command, ...args) => run(command, ...args),
    ip: (...words) => run("ip", ...words),
  };
  let kernel: KernelRecorder;
  beforeAll(async () => {
    kernel = await recordKernel(here);
  });
  afterAll(() => kernel.stop());

  test("every record of the host and of its interfaces equals the kernel's values", async () => {
    const host = makeLinuxHost();
    const log = makeLog();
    const interfaces = makeInterfaces(host, log);
    interfaces.start();
    const agent = makeFakeAgent();
    const uuid = Uint8Array.from(Buffer.from(UUID, "hex"));
    const settings = makeFakeSettings({ polling: 1, uuid });
    const context = makeFakeContext({ host, agent, interfaces, log, settings });
    const parts = [createHost([{}], context), createInterfaces([{}], context)];
    for (const part of parts) await part.start();
    for (let round = 0; round < 3; round++) {
      await sleep(1100);
      const before = now();
      const samples = [...agent.pollers.keys()].map((source) => [source, agent.read(source)] as const);
      // Sizes of file systems were asked for in the second before.
      const snapshots = await kernel.around(before - 1.2, now());
      expect(
        samples
          .find(([source]) => source === "2:1")?.[1]
          .map(({ type }) => type.format)
          .sort(),
      ).toEqual(HOST_RECORDS);
      expect(samples.flatMap(([source, records]) => judge(source, records, snapshots))).toEqual([]);
      for (const [source, records] of samples) expect(blindSpots(source, records, snapshots)).toEqual([]);
    }
    for (const part of parts.toReversed()) await part.stop();
    interfaces.stop();
    expect(log.lines.filter((line) => /^(warn|error)/.test(line))).toEqual([]);
  });
});

describe("received from the agent, in a namespace with a bridge, tunnels and a container's veth", () => {
  let host: Namespace;
  let kernel: KernelRecorder;
  let receiver: Receiver;
  let agent: Agent;

  const ip = (...words: string[]) => host.ip(...words);
  const indexOf = (name: string) => Number(host.run("cat", `/sys/class/net/${name}/ifindex`));
  const samples = (): Received[] =>
    receiver.received().flatMap(({ time, payload }) => {
      const { datagram, problems } = decodeDatagram(payload);
      expect(problems).toEqual([]);
      return (datagram?.samples ?? []).flatMap((sample) => {
        if (sample.kind !== "counters") return [];
        const records = sample.records.flatMap(({ content }) => content ?? []);
        return [{ source: showDataSource(sample.source), sequence: sample.sequenceNumber, time, records }];
      });
    });
  const samplesOf = async (source: string, count: number, since = 0): Promise<Received[]> => {
    const found = () => samples().filter((sample) => sample.source === source && sample.time > since);
    await receiver.until(`${count} samples of ${source}`, () => found().length >= count);
    return found();
  };

  test.beforeAll(async ({ lab, startAgent, startReceiver }) => {
    host = lab.namespace();
    const far = lab.namespace();
    const [cable] = connect("eth0", [host, "10.9.7.1"], [far, "10.9.7.2"]);
    ip("link", "add", "br0", "type", "bridge");
    ip("link", "add", "veth0", "type", "veth", "peer", "name", "veth1");
    ip("link", "set", "veth0", "master", "br0");
    ip("link", "add", "vxlan0", "type", "vxlan", "id", "7", "dstport", "4789", "local", "10.9.7.1");
    ip("tuntap", "add", "tun0", "mode", "tun");
    for (const name of ["br0", "veth0", "veth1", "vxlan0", "tun0"]) ip("link", "set", name, "up");
    receiver = await startReceiver(host, { port: 6343 });
    kernel = await recordKernel(host);
    agent = startAgent(
      host,
      `sflow {
        agentIP = ${cable.address}
        polling = 1
        collector { ip = 127.0.0.1 }
        pcap { dev = veth0 sampling = 1000000 }
      }`,
      "-u",
      UUID,
    );
    await samplesOf("2:1", 2);
  });

  afterAll(async () => {
    expect(await agent?.stop(), agent?.stderr()).toEqual({ code: 0, signal: null });
    await receiver?.stop();
    await kernel?.stop();
  });

  test("every field equals the kernel's value of the second before", async () => {
    host.run("ping", "-q", "-c", "20", "-i", "0.05", "10.9.7.2");
    host.run("sh", "-c", "for i in 1 2 3 4 5; do echo x > /dev/udp/127.0.0.1/9 2>/dev/null; done; true");
    await samplesOf("2:1", 6);
    const all = samples().slice(-40);
    const wrong: string[] = [];
    for (const { source, time, records } of all) {
      wrong.push(...judge(source, records, await kernel.around(time - 2.4, time)));
    }
    expect(wrong).toEqual([]);
    expect(all.length).toBeGreaterThan(20);
  });

  test("data sources are the host, the card, the interfaces on it, and the sampled veth", async () => {
    const expected = ["br0", "eth0", "tun0", "veth0", "vxlan0"].map((name) => `0:${indexOf(name)}`);
    await samplesOf(`0:${indexOf("veth0")}`, 1);
    expect([...new Set(samples().map(({ source }) => source))].sort()).toEqual([...expected, "2:1"].sort());
  });

  test("an interface that goes down, is renamed, becomes promiscuous or is deleted is followed at once", async () => {
    const index = indexOf("vxlan0");
    const source = `0:${index}`;
    const seen = async (change: () => void, field: string, value: unknown) => {
      change();
      const since = now();
      const [sample] = await samplesOf(source, 1, since + 1.2);
      const values = Object.assign({}, ...(sample?.records ?? []).map((record) => record.value)) as Record<
        string,
        unknown
      >;
      expect(values[field], field).toBe(value);
    };
    await seen(() => ip("link", "set", "vxlan0", "promisc", "on"), "ifPromiscuousMode", 1);
    await seen(() => ip("link", "set", "vxlan0", "down"), "ifStatus", 0);
    await seen(() => ip("link", "set", "vxlan0", "name", 'a"b\\c'), "name", 'a"b\\c');
    ip("link", "del", 'a"b\\c');
    const gone = now();
    await samplesOf("2:1", 4, gone);
    expect(samples().filter((sample) => sample.source === source && sample.time > gone + 1.2)).toEqual([]);
  });

  test("a new interface is polled within a second, from sequence number 1, even under an index used before", async () => {
    const index = 4711;
    for (let life = 0; life < 2; life++) {
      const since = now();
      ip("link", "add", "vx1", "index", String(index), "type", "vxlan", "id", "8", "dstport", "4790");
      ip("link", "set", "vx1", "up");
      const [first] = await samplesOf(`0:${index}`, 1, since);
      expect(first?.sequence).toBe(1);
      expect((first?.time ?? 0) - since).toBeLessThan(2);
      ip("link", "del", "vx1");
      await samplesOf("2:1", 3, now());
    }
  });

  test("the card's counters are the host's network traffic, without the loopback's", async () => {
    const [before] = (await samplesOf("2:1", 1)).slice(-1);
    host.run("ping", "-q", "-c", "50", "-i", "0.01", "127.0.0.1");
    const [after] = (await samplesOf("2:1", 1, now() + 1.2)).slice(-1);
    const packets = (sample: Received | undefined) => {
      const value = sample?.records.find(({ type }) => type.format === 2006)?.value as { pkts_in: number } | undefined;
      return value?.pkts_in ?? Number.NaN;
    };
    expect(packets(after) - packets(before)).toBeLessThan(40);
  });
});
