// Containers: samples on their bridge have the figures of their own sockets.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readlinkSync } from "node:fs";
import { expect } from "vitest";
import { DiagNamespaces } from "../../agent/modules/tcp/diag-namespaces.ts";
import { UNATTACHED } from "../../agent/namespaces/namespace-view.ts";
import { readNamespace } from "../../agent/namespaces/read-namespace.ts";
import { netlinkMemory } from "../../agent/sockets/netlink-socket.ts";
import { loadShim } from "../../native-shim/load.ts";
import { run, sleep, until } from "./command.ts";
import { test } from "./fixture.ts";
import type { Lab, Namespace } from "./namespaces.ts";
import { expectSame } from "./ss.ts";
import { tcpSamples } from "./tcp-samples.ts";
import { indexOf, sampled, served, talked } from "./tcp-talk.ts";

const [RECEIVED, SENT] = [1, 2];

/** Adds a namespace to the bridge of `host`, as container engines do. The MTU tells its sockets from the host's. */
function container(lab: Lab, host: Namespace, name: string, address: string, mtu: number): Namespace {
  const inside = lab.namespace();
  const { ip } = host;
  ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", inside.name);
  ip("link", "set", name, "master", "docker0", "up");
  inside.ip("address", "add", `${address}/24`, "dev", "eth0");
  inside.ip("link", "set", "eth0", "mtu", `${mtu}`, "up");
  return inside;
}

test("connections at docker0 and at a veth have the figures of the container's namespace", async ({
  lab,
  startAgent,
  startReceiver,
}) => {
  const host = lab.namespace();
  const { ip } = host;
  ip("link", "add", "docker0", "type", "bridge");
  ip("address", "add", "10.23.0.1/24", "dev", "docker0");
  ip("link", "set", "docker0", "up");
  const receiver = await startReceiver(host);
  const agent = startAgent(
    host,
    `sflow {
      agentIP = 10.23.0.1
      polling = 0
      collector { ip = 127.0.0.1 udpport = ${receiver.port} }
      pcap { dev = docker0 sampling = 1 promisc = on }
      pcap { dev = veth1 sampling = 1 }
      tcp { }
    }`,
  );
  // Containers that start while the agent runs.
  const first = container(lab, host, "veth1", "10.23.0.2", 1400);
  const second = container(lab, host, "veth2", "10.23.0.3", 1300);
  const [bridge, veth] = [indexOf(host, "docker0"), indexOf(host, "veth1")];
  await agent.taps(veth);
  await sleep(500);
  const words = { times: 4, size: 20_000, silence: 300 };
  const toHost = await talked({ client: first, server: host, address: "10.23.0.1", ...words });
  const toOther = await talked({ client: first, server: second, address: "10.23.0.3", ...words });
  await agent.stop();
  const samples = tcpSamples(receiver.datagrams());

  for (const { looks, taps } of [
    { looks: toHost, taps: [bridge, veth] },
    { looks: toOther, taps: [veth] },
  ]) {
    for (const tap of taps) expectSame(samples, tap, looks, 1400);
  }
  const atVeth = samples.filter(({ tap, info }) => tap === veth && info !== undefined);
  const sent = atVeth.filter(({ source }) => source.startsWith("10.23.0.2:"));
  const received = atVeth.filter(({ destination }) => destination.startsWith("10.23.0.2:"));
  expect(new Set(sent.map(({ info }) => info?.["dir"]))).toEqual(new Set([SENT]));
  expect(new Set(received.map(({ info }) => info?.["dir"]))).toEqual(new Set([RECEIVED]));
});

const descriptors = (pid: number | "self") => readdirSync(`/proc/${pid}/fd`).length;

test("3 containers that start, talk and end leave nothing open, and nothing keeps their namespaces alive", async ({
  folder,
  lab,
}) => {
  const host = lab.namespace();
  const { ip } = host;
  ip("link", "add", "docker0", "type", "bridge");
  ip("address", "add", "10.24.0.1/24", "dev", "docker0");
  ip("link", "set", "docker0", "up");
  const { agent, receiver } = await sampled(host, folder, { address: "10.24.0.1", devices: ["docker0"] });
  const annotated = () => tcpSamples(receiver.datagrams()).filter(({ info }) => info?.["pmtu"] === 1400).length;
  let before = 0;
  for (let i = 0; i < 3; i++) {
    const inside = container(lab, host, `veth${i}`, "10.24.0.2", 1400);
    const known = annotated();
    const serving = await served(host, "10.24.0.1");
    await until("samples with the container's figures", () => {
      inside.run(process.execPath, "test/e2e/talk-process.mjs", "talk", "10.24.0.1", "7000", "1", "2000", "10");
      return annotated() > known;
    });
    await serving.stop();
    run("ip", "netns", "del", inside.name);
    await until("the veth to go with its namespace", () => !host.ip("-o", "link").includes(`veth${i}`), {
      seconds: 5,
    });
    if (i === 0) before = descriptors(agent.pid);
  }
  // Sockets of removed namespaces are closed at the next sweep, within a second.
  await until("as few descriptors as before", () => descriptors(agent.pid) <= before, { seconds: 5 });
  await agent.stop();
});

/** 10,000 with TCP_NAMESPACES=10000, which takes ten minutes. */
const COUNT = Number(process.env["TCP_NAMESPACES"] ?? 300);

test(`${COUNT} namespaces entered one after the other leave no descriptor open`, async () => {
  const shim = loadShim();
  const memory = netlinkMemory(shim);
  const refused: string[] = [];
  const namespaces = new DiagNamespaces(
    shim,
    { uptime: () => performance.now() },
    {
      leadsThere: () => true,
      onRefused: (_, error) => refused.push(error.message),
      onClose: () => undefined,
      onRemove: () => undefined,
    },
  );
  namespaces.socketOf(namespaces.own);
  const before = descriptors("self");
  for (let i = 0; i < COUNT; i++) {
    const process_ = spawn("unshare", ["--net", "sleep", "1000"], { stdio: "ignore" });
    const path = `/proc/${process_.pid}/ns/net`;
    await until("a namespace", () => readlinkSync(path) !== readlinkSync("/proc/self/ns/net"));
    const identity = readlinkSync(path);
    const namespace = namespaces.add(identity, path);
    expect(namespaces.socketOf(namespace)?.burst).toBeGreaterThan(50);
    expect(readNamespace(shim, memory, path, process.pid)).toEqual(UNATTACHED);
    namespaces.remove(identity);
    process_.kill("SIGKILL");
    await once(process_, "close");
  }
  expect(refused).toEqual([]);
  expect(descriptors("self")).toBe(before);
  namespaces.closeAll();
}, 1_800_000);
