// collector { }: sockets it opens, counters, log messages, and independence of other collectors.

import { describe, expect, test } from "vitest";
import { OWN_TRAFFIC_MARK } from "../../../agent/capture/own-traffic.ts";
import { fakeTakes, sentTo, work } from "./surroundings.ts";

describe("sending", () => {
  test("sends all datagrams to an IPv4 address in one call, and counts them", async () => {
    const { host, send, start, counters, log } = work({ ip: "192.0.2.1" });
    await start();
    send(3);
    send(2);
    const [socket] = host.sockets.open;
    expect(socket?.sent.map(({ bytes }) => bytes.length)).toEqual([1, 2, 3, 1, 2]);
    expect(socket && sentTo(socket)).toEqual(["192.0.2.1 6343"]);
    expect(socket?.options.get("1/36")).toEqual(Uint8Array.of(OWN_TRAFFIC_MARK, 0, 0, 0));
    expect(socket?.options.get("1/7")).toEqual(new Uint8Array(Int32Array.of(2_000_000).buffer));
    const [receiveBuffer, mtuDiscover] = [socket?.options.get("1/8"), socket?.options.get("0/10")];
    expect([receiveBuffer?.[0], mtuDiscover?.[0]]).toEqual([0, 5]);
    expect(socket?.filter).toEqual(Uint8Array.of(6, 0, 0, 0, 0, 0, 0, 0));
    expect(counters()).toEqual({
      "192.0.2.1:6343 datagrams": 5,
      "192.0.2.1:6343 bytes": 9,
      "192.0.2.1:6343 full": 0,
      "192.0.2.1:6343 unsent": 0,
    });
    expect(log.lines).toEqual(["info: collector: sending to 192.0.2.1:6343"]);
  });

  test("sends to an IPv6 address and another port, and to a link-local address through its interface", async () => {
    const { host, send, start, counters } = work(
      { ip: "2001:db8::1", udpport: 7000 },
      { ip: "fe80::1%eth0" },
      { ip: "fe80::2%7" },
      { ip: "fe80::3", dev: "eth0" },
    );
    await start();
    send(1);
    expect(host.sockets.open.flatMap(sentTo)).toEqual([
      "2001:db8::1 7000",
      "fe80::1%2 6343",
      "fe80::2%7 6343",
      "fe80::3%2 6343",
    ]);
    expect(counters()).toMatchObject({ "[2001:db8::1]:7000 datagrams": 1 });
  });

  test("continues after the kernel took a part of the batch", async () => {
    const { host, send, start, counters } = work({ ip: "192.0.2.1" });
    await start();
    fakeTakes(host.sockets, 4);
    send(10);
    expect(counters()).toMatchObject({ "192.0.2.1:6343 datagrams": 10, "192.0.2.1:6343 bytes": 55 });
    expect(host.sockets.open[0]?.sent).toHaveLength(10);
  });

  test("opens the socket in a namespace given by name or path", async () => {
    const { host, start } = work(
      { ip: "192.0.2.1", namespace: "blue" },
      { ip: "192.0.2.1", namespace: "/proc/1/ns/net" },
    );
    await start();
    expect(host.sockets.open.map(({ namespace }) => namespace)).toEqual(["/var/run/netns/blue", "/proc/1/ns/net"]);
  });
});

test("reports its destination", async () => {
  const { start, joined } = work({ ip: "192.0.2.1", dev: "eth0" });
  await start();
  expect([...joined].map(({ destination }) => destination)).toEqual([
    { address: Uint8Array.of(192, 0, 2, 1), port: 6343, device: "eth0", namespace: undefined },
  ]);
});

describe("errors", () => {
  test("drops and counts datagrams if the buffer is full, and keeps the socket", async () => {
    const { host, send, start, counters, log } = work({ ip: "192.0.2.1" });
    await start();
    host.sockets.fail("send", "EAGAIN");
    send(3);
    host.sockets.fail("send", "ENOBUFS");
    send(2);
    send(1);
    expect(counters()).toMatchObject({ "192.0.2.1:6343 datagrams": 1, "192.0.2.1:6343 full": 5 });
    expect(host.sockets.opened).toHaveLength(1);
    expect(log.lines).toEqual([
      "info: collector: sending to 192.0.2.1:6343",
      "warn: collector: 192.0.2.1:6343: send buffer full: 3 datagrams dropped so far",
      "warn: collector: 192.0.2.1:6343: send buffer full: 5 datagrams dropped so far",
    ]);
  });

  test("goes on with the next datagram after a refusal, with the same socket", async () => {
    const { host, send, start, counters, log } = work({ ip: "192.0.2.1" });
    await start();
    host.sockets.fail("send", "EPERM");
    send(4);
    fakeTakes(host.sockets, 2);
    host.sockets.fail("send", "EPERM", 2);
    send(4);
    expect(counters()).toMatchObject({ "192.0.2.1:6343 datagrams": 5, "192.0.2.1:6343 failed EPERM": 3 });
    expect(host.sockets.open[0]?.sent.map(({ bytes }) => bytes.length)).toEqual([2, 3, 4, 3, 4]);
    expect(host.sockets.opened).toHaveLength(1);
    expect(log.lines).toEqual([
      "info: collector: sending to 192.0.2.1:6343",
      "error: collector: 192.0.2.1:6343: sending failed: EPERM, a firewall rule on this host blocks it",
    ]);
  });

  test("tries one datagram of each batch while refusals persist, and sends all at the first success", async () => {
    const { host, send, start, counters, log, pass } = work({ ip: "192.0.2.1" });
    await start();
    const failing = 3 + 3 + 1;
    host.sockets.fail("send", "EPERM", failing);
    send(3);
    await pass(0.5);
    send(3);
    await pass(0.5);
    send(3);
    expect(counters()).toMatchObject({ "192.0.2.1:6343 failed EPERM": 9, "192.0.2.1:6343 unsent": 0 });
    send(3);
    expect(counters()).toMatchObject({ "192.0.2.1:6343 datagrams": 3, "192.0.2.1:6343 failed EPERM": 9 });
    expect(log.lines.at(-1)).toBe("info: collector: 192.0.2.1:6343: sending again");
  });

  test("opens a new socket with back-off during an outage", async () => {
    const { host, send, start, counters, log, pass } = work({ ip: "192.0.2.1" });
    await start();
    // Both datagrams in the first second, then one of each batch.
    host.sockets.fail("send", "ENETUNREACH", 2 + 29);
    const opened: number[] = [];
    for (let second = 0; second < 35; second++) {
      send(2);
      await pass(1);
      opened.push(host.sockets.opened.length);
    }
    const when = opened.flatMap((count, i) => (count > (opened[i - 1] ?? 1) ? [i + 1] : []));
    expect(when).toEqual([1, 3, 7, 15, 23]);
    expect(counters()).toMatchObject({
      "192.0.2.1:6343 failed ENETUNREACH": 2 * 30,
      "192.0.2.1:6343 unsent": 0,
      "192.0.2.1:6343 datagrams": 2 * 5,
    });
    expect(log.lines).toEqual([
      "info: collector: sending to 192.0.2.1:6343",
      "error: collector: 192.0.2.1:6343: sending failed: ENETUNREACH, no route leads to it",
      "info: collector: 192.0.2.1:6343: sending again",
    ]);
    expect(host.sockets.open).toHaveLength(1);
  });

  test("drops only the one datagram that is too large", async () => {
    const { host, send, start, counters } = work({ ip: "192.0.2.1" });
    await start();
    host.sockets.fail("send", "EMSGSIZE");
    send(3);
    expect(counters()).toMatchObject({ "192.0.2.1:6343 datagrams": 2, "192.0.2.1:6343 failed EMSGSIZE": 1 });
    expect(host.sockets.open[0]?.sent.map(({ bytes }) => bytes.length)).toEqual([2, 3]);
  });

  test("does not delay or disturb other collectors when one fails", async () => {
    const { host, send, start, counters } = work({ ip: "192.0.2.1" }, { ip: "192.0.2.2" });
    await start();
    host.sockets.fail("send", "EPERM");
    send(4);
    send(4);
    expect(counters()).toMatchObject({
      "192.0.2.1:6343 failed EPERM": 1,
      "192.0.2.1:6343 datagrams": 7,
      "192.0.2.2:6343 datagrams": 8,
    });
  });

  test("logs once per outage that a socket cannot be opened, and tries again", async () => {
    const { host, start, log, pass, joined, send } = work({ ip: "192.0.2.1", namespace: "blue" });
    host.sockets.fail("socket", "ENOENT", 10);
    await start();
    for (let second = 0; second < 100; second++) await pass(1);
    expect(joined.size).toBe(1);
    send(1);
    expect(host.sockets.open[0]?.sent).toHaveLength(1);
    expect(log.lines).toEqual([
      "warn: collector: 192.0.2.1:6343: no socket: ENOENT: no such file or directory, socket",
      "info: collector: 192.0.2.1:6343: sending again",
    ]);
  });

  test("closes the socket if an option cannot be set", async () => {
    const { host, start } = work({ ip: "192.0.2.1" });
    host.sockets.fail("setOption", "EPERM");
    await start();
    expect(host.sockets.open).toHaveLength(0);
  });

  test("stop leaves no socket, no timer and no registered collector", async () => {
    const { host, start, stop, send, joined, pass, interfaces } = work(
      { ip: "192.0.2.1", dev: "eth0" },
      { ip: "collector.example" },
      { ip: "192.0.2.3" },
    );
    host.names["collector.example"] = ["192.0.2.2"];
    await start();
    host.sockets.fail("send", "EPERM");
    send(1);
    stop();
    await pass(1000);
    interfaces.remove(2);
    expect(host.sockets.open).toEqual([]);
    expect(host.clock.timers).toBe(0);
    expect(joined.size).toBe(0);
  });
});
