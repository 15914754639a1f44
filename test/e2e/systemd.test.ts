// systemd { } on this machine's kernel: services in control groups, without a bus and with one on which a systemd of
// the test speaks.

import { describe, expect } from "vitest";
import { type FakeSystemd, startSystemd } from "../modules/systemd/fake-systemd.ts";
import type { Agent } from "./agent.ts";
import { type Child, start as startChild } from "./child.ts";
import { sleep } from "./command.ts";
import { type ContainerSample, containerSamples } from "./container-samples.ts";
import { test } from "./fixture.ts";
import { type Cable, connect, type Namespace } from "./namespaces.ts";
import type { Receiver } from "./receiver.ts";
import { makeService, removeSlices, type ServiceGroup } from "./service-groups.ts";

const [RUNNING, SHUTDOWN] = [1, 4];
const ONE_SHOTS = 100;
const PORT = 7000;

let host: Namespace;
let far: Namespace;
let eth: Cable;
let receiver: Receiver;
let systemd: FakeSystemd;
let agent: Agent;

test.beforeAll(async ({ lab, atEnd, startReceiver }) => {
  const outside = lab.namespace();
  // `ip netns exec` mounts a /sys without control groups.
  const command = (...words: string[]): [string, ...string[]] => ["nsenter", `--net=${outside.path}`, "--", ...words];
  host = { ...outside, command };
  far = lab.namespace();
  [eth] = connect("eth0", [host, "10.9.0.1"], [far, "10.9.0.2"]);
  receiver = await startReceiver(host);
  atEnd(removeSlices);
});

const configuration = (options: string, more = "") => `sflow {
  agentIP = 127.0.0.1
  polling = 1
  collector { ip = 127.0.0.1 udpport = ${receiver.port} }
  systemd { ${options} }
  ${more}
}`;

const samples = (unit: string): ContainerSample[] =>
  containerSamples(receiver.datagrams()).filter(({ hostname }) => hostname === unit);

const sampled = (unit: string, what: string, enough: (all: ContainerSample[]) => boolean) =>
  receiver.until(`${unit}: ${what}; so far ${JSON.stringify(samples(unit))}`, () => enough(samples(unit)));

const busy = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done";

async function begin(service: ServiceGroup, command: string): Promise<Child> {
  const child = service.run(host, command);
  await child.says(/ready/);
  return child;
}

describe("without a bus", () => {
  test.beforeAll(async ({ startAgent }) => {
    process.env["DBUS_SYSTEM_BUS_ADDRESS"] = "unix:path=/nowhere/bus";
    agent = startAgent(host, configuration(""));
    await agent.says(/services are found in the control groups/);
  });

  test("a service is found within a second, and its last sample has the final counters", async () => {
    const service = makeService("tree");
    const child = await begin(service, `${busy}; exec sleep 600`);
    const began = performance.now();
    await sampled(service.unit, "a first sample", (all) => all.length > 0);
    expect(performance.now() - began).toBeLessThan(2000);
    await sampled(service.unit, "work", (all) => (all.at(-1)?.cpuTime ?? 0) > 20);
    await child.stop();
    await sampled(service.unit, "a last sample", (all) => all.at(-1)?.state === SHUTDOWN);
    const all = samples(service.unit);
    expect(all.at(-1)?.cpuTime).toBe(Math.floor(service.cpuTime()));
    expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, i) => i + 1));
    expect(all[0]).toMatchObject({ state: RUNNING, parent: "2:1" });
    service.remove();
  });

  test("ends", () => agent.stop());
});

describe("with systemd on a bus", () => {
  test.beforeAll(async ({ startAgent, atEnd }) => {
    systemd = await startSystemd();
    atEnd(() => systemd.stop());
    process.env["DBUS_SYSTEM_BUS_ADDRESS"] = systemd.address;
    agent = startAgent(host, configuration("markTraffic = on", "pcap { dev = eth0 sampling = 1 }"));
    await agent.says(/following systemd/);
    await agent.taps(eth.index);
  });

  /** systemd starts a process of the service, and says so. */
  async function start(service: ServiceGroup, command: string, invocation: string): Promise<Child> {
    const child = await begin(service, command);
    const groupId = BigInt(service.id);
    const startedAt = Math.floor(Date.now() / 1000) + 1;
    systemd.change(service.unit, { active: "active", sub: "running", pid: child.pid, invocation, startedAt, groupId });
    return child;
  }

  /** systemd removes the group, and says that the unit is inactive. Returns milliseconds of processor time. */
  function finish(service: ServiceGroup): number {
    const cpu = service.cpuTime();
    service.remove();
    systemd.change(service.unit, { active: "inactive", sub: "dead", pid: 0, cpu: BigInt(Math.round(cpu * 1e6)) });
    return Math.floor(cpu);
  }

  test("none of a hundred services that live 50 ms is missed, and each last sample is final", async () => {
    const finals = new Map<string, number>();
    for (let i = 0; i < ONE_SHOTS; i++) {
      const service = makeService(`blink${i}`);
      const child = await start(service, "sleep 0.05", (16 + i).toString(16));
      await child.end;
      finals.set(service.unit, finish(service));
    }
    const last = [...finals.keys()].at(-1) ?? "";
    await sampled(last, "a last sample", (all) => all.at(-1)?.state === SHUTDOWN);
    const lives = [...finals].map(([unit, cpuTime]) => ({ unit, cpuTime, states: [RUNNING, SHUTDOWN] }));
    const seen = [...finals.keys()].map((unit) => {
      const all = samples(unit);
      const states = [all[0]?.state, all.at(-1)?.state];
      return { unit, cpuTime: all.at(-1)?.cpuTime, states };
    });
    expect(seen).toEqual(lives);
    expect(agent.counters("systemd")).toMatchObject({ started: ONE_SHOTS, ended: ONE_SHOTS, missed: 0, unread: 0 });
  });

  test("a service that is started again is another run under the same number", async () => {
    const service = makeService("again");
    const first = await start(service, `${busy}; exec sleep 600`, "a1");
    await sampled(service.unit, "work", (all) => (all.at(-1)?.cpuTime ?? 0) > 20);
    await first.stop();
    const firstTime = finish(service);
    const again = makeService("again");
    const second = await start(again, "exec sleep 600", "a2");
    await sampled(service.unit, "a second run", (all) => all.filter(({ sequence }) => sequence === 1).length === 2);
    await second.stop();
    const secondTime = finish(again);
    await sampled(service.unit, "its end", (all) => all.filter(({ state }) => state === SHUTDOWN).length === 2);
    const ends = samples(service.unit).filter(({ state }) => state === SHUTDOWN);
    expect(ends.map(({ cpuTime }) => cpuTime)).toEqual([firstTime, secondTime]);
    expect(new Set(samples(service.unit).map(({ source }) => source)).size).toBe(1);
  });

  test("packets of a service's socket name it at the end that is here, and others do not", async () => {
    const service = makeService("server");
    const child = await start(service, `exec busybox nc -ll -p ${PORT} -e cat`, "b1");
    startChild(host, ["busybox", "nc", "-ll", "-p", `${PORT + 1}`, "-e", "cat"]);
    await sampled(service.unit, "a first sample", (all) => all.length > 0);
    await sleep(300);
    for (const port of [PORT, PORT + 1]) {
      far.run("sh", "-c", `for i in 1 2 3; do echo x | busybox nc -w 1 10.9.0.1 ${port}; done; true`);
    }
    const source = samples(service.unit)[0]?.source;
    const ends = () =>
      receiver.datagrams().flatMap(({ flows }) =>
        flows.flatMap(({ records }) => {
          const record = records.get(2210);
          if (record === undefined) return [];
          const word = (at: number) => record.readUInt32BE(at);
          return [`${word(0)}:${word(4)} ${word(8)}:${word(12)}`];
        }),
      );
    await receiver.until("packets both ways that name the service", () => new Set(ends()).size === 2);
    expect(new Set(ends())).toEqual(new Set([`${source} 0:0`, `0:0 ${source}`]));
    await child.stop();
    finish(service);
  });

  test("what began and ended while the bus was away is in the list afterwards", async () => {
    const service = makeService("apart");
    const child = await begin(service, "exec sleep 600");
    const running = { active: "active", sub: "running", pid: child.pid, invocation: "c1", startedAt: 0 };
    systemd.units.set(service.unit, running);
    await systemd.restart();
    await sampled(service.unit, "a first sample", (all) => all.length > 0);
    await child.stop();
    systemd.units.delete(service.unit);
    await systemd.restart();
    await sampled(service.unit, "a last sample", (all) => all.at(-1)?.state === SHUTDOWN);
    service.remove();
  });
});
