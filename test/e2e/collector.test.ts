// collector { } on real sockets: through the interface and the namespace of its options, and through outages.

import { describe, expect } from "vitest";
import { makeLinuxFiles } from "../../agent/host/linux-files.ts";
import { Segments } from "../../agent/modules/collector/segments.ts";
import { inetAddress } from "../../agent/sockets/socket-address.ts";
import { AF_INET, SOCK_DGRAM } from "../../agent/sockets/socket-constants.ts";
import { makeReceiveBatch, messageBytes } from "../../native-shim/batch.ts";
import { loadShim } from "../../native-shim/load.ts";
import { type FakeHost, makeFakeHost } from "../fakes/host.ts";
import { workOn } from "../modules/collector/surroundings.ts";
import { run } from "./command.ts";
import { test } from "./fixture.ts";
import { connect, counted, type Namespace } from "./namespaces.ts";

const SINK = "10.96.9.9";
const shim = loadShim();

/** Real sockets and files, and a clock that the test moves. */
function host(): FakeHost {
  const fake = makeFakeHost();
  const { identity } = makeLinuxFiles("/");
  return { ...fake, files: { ...fake.files, identity }, sockets: shim as FakeHost["sockets"] };
}

/** Opens a socket in a namespace. The function returned gives the number of datagrams since its last call. */
function sink(namespace: Namespace, address: string): () => number {
  const fd = shim.socket(AF_INET, SOCK_DGRAM, 0, namespace.path);
  shim.bind(fd, inetAddress(Uint8Array.from(address.split("."), Number), 6343));
  const batch = makeReceiveBatch(shim.layout, 64, 2048);
  return () => Math.max(0, shim.receive(fd, batch));
}

describe("a host with two ways to its collector", () => {
  let near: Namespace;
  let far: Namespace;
  let arrived: () => number;
  const sent = (name: string) => counted(near, name).tx.packets;

  test.beforeAll(({ lab }) => {
    near = lab.namespace();
    far = lab.namespace();
    connect("eth0", [near, "10.96.0.1"], [far, "10.96.0.2"]);
    connect("eth1", [near, "10.96.1.1"], [far, "10.96.1.2"]);
    far.ip("address", "add", `${SINK}/32`, "dev", "lo");
    far.run("sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0");
    near.ip("route", "add", SINK, "via", "10.96.0.2", "metric", "10");
    near.ip("route", "add", SINK, "via", "10.96.1.2", "metric", "20");
    arrived = sink(far, SINK);
  });

  test("sends by the path that routing chooses", async () => {
    const { start, send, stop, counters } = workOn(host(), { ip: SINK, namespace: near.path });
    const before = sent("eth0");
    await start();
    send(10);
    expect(arrived()).toBe(10);
    expect(sent("eth0") - before).toBe(10);
    expect(counters()).toMatchObject({ [`${SINK}:6343 datagrams`]: 10, [`${SINK}:6343 bytes`]: 55 });
    stop();
  });

  test("sends by the interface that dev names, in its namespace", async () => {
    const { start, send, stop } = workOn(host(), { ip: SINK, namespace: near.name, dev: "eth1" });
    const before = [sent("eth0"), sent("eth1")] as const;
    await start();
    send(10);
    expect(arrived()).toBe(10);
    expect([sent("eth0") - before[0], sent("eth1") - before[1]]).toEqual([0, 10]);
    stop();
  });

  test("sends nothing by another path while dev is missing, and goes on when it is back", async () => {
    connect("eth2", [near, "10.96.2.1"], [far, "10.96.2.2"]);
    const { start, send, stop, pass, log, counters } = workOn(host(), { ip: SINK, namespace: near.name, dev: "eth2" });
    await start();
    near.ip("route", "add", SINK, "via", "10.96.2.2", "metric", "30");
    send(1);
    expect(arrived()).toBe(1);
    near.ip("link", "del", "eth2");
    send(2);
    await pass(1);
    send(3);
    expect(arrived()).toBe(0);
    connect("eth2", [near, "10.96.2.1"], [far, "10.96.2.2"]);
    near.ip("route", "add", SINK, "via", "10.96.2.2", "metric", "30");
    await pass(8);
    send(4);
    expect(arrived()).toBe(4);
    expect(counters()).toMatchObject({ [`${SINK}:6343 datagrams`]: 5, [`${SINK}:6343 unsent`]: 3 });
    // "sending to", twice why not, and "sending again".
    expect(log.lines).toHaveLength(4);
    stop();
  });
});

test("a collector that does not listen costs nothing; one without a route is tried again", async ({ lab }) => {
  const near = lab.namespace();
  const far = lab.namespace();
  connect("eth0", [near, "10.97.0.1"], [far, "10.97.0.2"]);
  const { start, send, stop, pass, counters } = workOn(
    host(),
    { ip: "10.97.0.2", namespace: near.name },
    { ip: "10.97.9.9", namespace: near.name },
  );
  await start();
  send(5);
  send(5);
  expect(counters()).toMatchObject({
    "10.97.0.2:6343 datagrams": 10,
    "10.97.9.9:6343 failed ENETUNREACH": 10,
    "10.97.9.9:6343 unsent": 0,
  });
  const arrived = sink(far, "10.97.0.2");
  near.ip("route", "add", "default", "via", "10.97.0.2");
  await pass(1);
  send(5);
  expect(arrived()).toBe(5);
  expect(counters()).toMatchObject({ "10.97.9.9:6343 datagrams": 5 });
  stop();
});

test("a firewall that refuses one datagram in ten costs that one", async ({ lab }) => {
  const near = lab.namespace();
  const arrived = sink(near, "127.0.0.1");
  const rule = ["-p", "udp", "--dport", "6343", "-m", "statistic", "--mode", "nth", "--every", "10", "--packet", "4"];
  near.run("iptables", "-A", "OUTPUT", ...rule, "-j", "DROP");
  const { start, send, stop, counters } = workOn(host(), { ip: "127.0.0.1", namespace: near.name });
  await start();
  for (let i = 0; i < 6; i++) send(10);
  const counted = counters();
  const failed = counted["127.0.0.1:6343 failed EPERM"] ?? 0;
  // A datagram that is refused in the middle of a batch is tried again.
  expect(failed).toBeGreaterThan(0);
  expect(failed).toBeLessThanOrEqual(6);
  expect(counted).toMatchObject({ "127.0.0.1:6343 datagrams": 60 - failed, "127.0.0.1:6343 unsent": 0 });
  expect(arrived()).toBe(60 - failed);
  stop();
});

test("receives nothing, whoever sends to its port", async ({ lab }) => {
  const near = lab.namespace();
  const arrived = sink(near, "127.0.0.1");
  const { start, send, stop } = workOn(host(), { ip: "127.0.0.1", namespace: near.name });
  await start();
  send(1);
  expect(arrived()).toBe(1);
  const row = near.run("ss", "-Hluanm", "sport", "!=", "6343");
  const [, port = "0"] = /:(\d+) /.exec(row) ?? [];
  const stranger = shim.socket(AF_INET, SOCK_DGRAM, 0, near.path);
  const to = inetAddress(Uint8Array.of(127, 0, 0, 1), Number(port));
  const lengths = new Uint32Array(50).fill(1000);
  expect(shim.send(stranger, new Uint8Array(1000), new Uint32Array(50), lengths, 0, 50, to)).toBe(50);
  const queued = near.run("ss", "-Hluanm", "sport", "=", port);
  expect(queued).toMatch(/^UNCONN 0 /);
  expect(Number(/rb(\d+)/.exec(queued)?.[1])).toBeLessThan(5000);
  shim.close(stranger);
  stop();
});

test("follows a namespace that is deleted and made again, and an interface by its name in it", async ({ lab }) => {
  const far = lab.namespace();
  const name = `${far.name}-again`;
  const make = () => {
    run("ip", "netns", "add", name);
    run("ip", "-n", name, "link", "set", "lo", "up");
    return sink({ ...far, path: `/run/netns/${name}` }, "127.0.0.1");
  };
  const first = make();
  const { start, send, stop, pass, counters } = workOn(
    host(),
    { ip: "127.0.0.1", namespace: name },
    { ip: "127.0.0.1", namespace: name, udpport: 6344, dev: "lo" },
  );
  await start();
  send(1);
  expect(first()).toBe(1);
  run("ip", "netns", "del", name);
  const second = make();
  await pass(1);
  send(2);
  expect(second()).toBe(2);
  run("ip", "netns", "del", name);
  await pass(1);
  send(4);
  const third = make();
  await pass(1);
  send(8);
  expect(third()).toBe(8);
  run("ip", "-n", name, "link", "set", "lo", "down");
  run("ip", "-n", name, "link", "set", "lo", "name", "other");
  await pass(1);
  send(1);
  expect(counters()).toMatchObject({
    "127.0.0.1:6343 datagrams": 1 + 2 + 8 + 1,
    "127.0.0.1:6344 datagrams": 1 + 2 + 8,
    "127.0.0.1:6344 unsent": 4 + 1,
  });
  stop();
  run("ip", "netns", "del", name);
});

test("waits for a namespace that does not exist yet", async ({ lab }) => {
  const far = lab.namespace();
  const name = `${far.name}-later`;
  const { start, send, stop, pass, log, joined } = workOn(host(), { ip: "127.0.0.1", namespace: name });
  await start();
  await pass(1);
  expect(joined.size).toBe(0);
  expect(log.lines).toEqual([
    `warn: collector: 127.0.0.1:6343: no socket: ENOENT: no such file or directory, socket in /var/run/netns/${name}`,
  ]);
  run("ip", "netns", "add", name);
  run("ip", "-n", name, "link", "set", "lo", "up");
  await pass(2);
  send(1);
  stop();
  run("ip", "netns", "del", name);
  expect(log.lines[1]).toBe("info: collector: 127.0.0.1:6343: sending again");
});

test.for([1500, 1280])("64 datagrams in one message arrive as 64, with an MTU of %d", async (mtu, { lab }) => {
  const [near, far] = [lab.namespace(), lab.namespace()];
  connect("eth0", [near, "10.98.0.1"], [far, "10.98.0.2"]);
  near.ip("link", "set", "eth0", "mtu", String(mtu));
  const from = shim.socket(AF_INET, SOCK_DGRAM, 0, near.path);
  const to = shim.socket(AF_INET, SOCK_DGRAM, 0, far.path);
  const address = inetAddress(Uint8Array.of(10, 98, 0, 2), 6343);
  shim.bind(to, address);
  const lengths = new Uint32Array(64).fill(1396);
  const offsets = lengths.map((length, i) => i * length);
  const bytes = new Uint8Array(64 * 1396).map((_, i) => Math.floor(i / 1396));
  const batch = { count: 64, bytes, offsets, lengths };
  // A message that cannot leave in pieces of that size is sent by a plain call, which makes fragments.
  const joined = new Segments(shim, from).send(batch, 0, address);
  expect(joined).toBe(mtu === 1500 ? 64 : 0);
  if (joined === 0) expect(shim.send(from, bytes, offsets, lengths, 0, 64, address)).toBe(64);
  const received = makeReceiveBatch(shim.layout, 64, 2048);
  expect(shim.receive(to, received)).toBe(64);
  for (let i = 0; i < 64; i++) expect(messageBytes(shim.layout, received, i)).toEqual(new Uint8Array(1396).fill(i));
  shim.close(from);
  shim.close(to);
});
