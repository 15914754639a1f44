// collector { } whose interface or address changes while it runs.

import { describe, expect, test } from "vitest";
import { sentTo, work } from "./surroundings.ts";

const UNICAST_IF = "0/50";
const IPV6_UNICAST_IF = "41/76";

describe("dev", () => {
  test("binds datagrams to the interface, with its index in network byte order", async () => {
    const { host, start } = work({ ip: "192.0.2.1", dev: "eth0" }, { ip: "2001:db8::1", dev: "eth0" });
    await start();
    expect(host.sockets.open[0]?.options.get(UNICAST_IF)).toEqual(Uint8Array.of(0, 0, 0, 2));
    expect(host.sockets.open[1]?.options.get(IPV6_UNICAST_IF)).toEqual(Uint8Array.of(0, 0, 0, 2));
  });

  test("logs a missing interface once, and sends nothing until it appears", async () => {
    const { host, start, pass, joined, interfaces, log, send, stop } = work({ ip: "192.0.2.1", dev: "mgmt" });
    await start();
    await pass(300);
    expect([host.sockets.opened.length, joined.size]).toEqual([0, 0]);
    interfaces.put({
      ...(interfaces.byIndex(2) as NonNullable<ReturnType<typeof interfaces.byIndex>>),
      index: 9,
      name: "mgmt",
    });
    send(1);
    expect(host.sockets.open[0]?.options.get(UNICAST_IF)).toEqual(Uint8Array.of(0, 0, 0, 9));
    expect(host.sockets.open[0]?.sent).toHaveLength(1);
    expect(log.lines).toEqual([
      "warn: collector: 192.0.2.1:6343: no socket: there is no interface mgmt; nothing is sent until it appears",
      "info: collector: 192.0.2.1:6343: sending again",
    ]);
    stop();
  });

  test("follows the interface when it disappears, comes back under another index, or is renamed", async () => {
    const { host, start, interfaces, send, counters } = work({ ip: "192.0.2.1", dev: "eth0" });
    const eth0 = interfaces.byIndex(2) as NonNullable<ReturnType<typeof interfaces.byIndex>>;
    const bound = () => host.sockets.open.map(({ options }) => options.get(UNICAST_IF)?.[3]);
    await start();
    interfaces.remove(2);
    expect(bound()).toEqual([]);
    send(3);
    interfaces.put({ ...eth0, index: 12 });
    expect(bound()).toEqual([12]);
    interfaces.put({ ...eth0, index: 12, name: "eth9" });
    expect(bound()).toEqual([]);
    interfaces.put({ ...eth0, index: 13 });
    expect(bound()).toEqual([13]);
    const before = host.sockets.opened.length;
    interfaces.put({ ...eth0, index: 14, name: "other" });
    expect(host.sockets.opened.length).toBe(before);
    expect(counters()).toMatchObject({ "192.0.2.1:6343 unsent": 3 });
  });
});

test("follows the interface of a link-local address", async () => {
  const { host, start, interfaces, send } = work({ ip: "fe80::1%eth0" });
  const eth0 = interfaces.byIndex(2) as NonNullable<ReturnType<typeof interfaces.byIndex>>;
  await start();
  send(1);
  interfaces.remove(2);
  expect(host.sockets.open).toEqual([]);
  interfaces.put({ ...eth0, index: 12 });
  send(1);
  expect(host.sockets.opened.flatMap(sentTo)).toEqual(["fe80::1%2 6343", "fe80::1%12 6343"]);
});

describe("namespace", () => {
  test("is looked up again once a second while datagrams are sent, and followed when it is made again", async () => {
    const { host, start, pass, send, counters } = work({ ip: "192.0.2.1", namespace: "blue" });
    const { identities } = host.files;
    identities["/var/run/netns/blue"] = "4:100";
    await start();
    send(1);
    await pass(1);
    send(1);
    expect(host.sockets.opened).toHaveLength(1);
    identities["/var/run/netns/blue"] = "4:101";
    await pass(1);
    send(1);
    expect(host.sockets.opened).toHaveLength(2);
    expect(host.sockets.open.map(({ sent }) => sent.length)).toEqual([1]);
    identities["/var/run/netns/blue"] = undefined;
    host.sockets.fail("socket", "ENOENT");
    await pass(1);
    send(2);
    identities["/var/run/netns/blue"] = "4:102";
    await pass(1);
    send(1);
    expect(counters()).toMatchObject({ "192.0.2.1:6343 datagrams": 4, "192.0.2.1:6343 unsent": 2 });
  });
});

describe("host name", () => {
  test("is resolved before the collector registers for datagrams", async () => {
    const { host, start, pass, joined, log } = work({ ip: "collector.example" });
    await start();
    expect([joined.size, host.sockets.opened.length]).toEqual([0, 0]);
    host.names["collector.example"] = ["192.0.2.9"];
    await pass(1);
    expect(joined.size).toBe(1);
    expect(log.lines).toEqual([
      "warn: collector: collector.example:6343: collector.example does not resolve: getaddrinfo ENOTFOUND collector.example; trying again",
      "info: collector: sending to collector.example:6343 at 192.0.2.9",
    ]);
  });

  test("takes over a changed address and keeps the socket", async () => {
    const { host, start, pass, send } = work({ ip: "collector.example" });
    host.names["collector.example"] = ["192.0.2.9", "192.0.2.8"];
    await start();
    send(1);
    host.names["collector.example"] = ["192.0.2.8", "192.0.2.9"];
    await pass(300);
    send(1);
    host.names["collector.example"] = ["192.0.2.7"];
    await pass(300);
    send(1);
    delete host.names["collector.example"];
    await pass(300);
    send(1);
    expect(host.sockets.opened).toHaveLength(1);
    expect(host.sockets.open.flatMap(sentTo)).toEqual(["192.0.2.9 6343", "192.0.2.7 6343"]);
    expect(host.sockets.open[0]?.sent).toHaveLength(4);
  });

  test("opens a new socket for an address of the other family", async () => {
    const { host, start, pass, send } = work({ ip: "collector.example" });
    host.names["collector.example"] = ["192.0.2.9"];
    await start();
    host.names["collector.example"] = ["2001:db8::9"];
    await pass(300);
    send(1);
    expect(host.sockets.open.flatMap(sentTo)).toEqual(["2001:db8::9 6343"]);
    expect(host.sockets.opened).toHaveLength(2);
  });

  test("tries the next address of the name if one cannot be reached", async () => {
    const { host, start, pass, send } = work({ ip: "collector.example" });
    host.names["collector.example"] = ["2001:db8::9", "192.0.2.9"];
    await start();
    host.sockets.fail("send", "ENETUNREACH");
    send(1);
    await pass(1);
    send(1);
    expect(host.sockets.open.flatMap(sentTo)).toEqual(["192.0.2.9 6343"]);
  });
});
