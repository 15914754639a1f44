// The addon on a real kernel: packet sockets in namespaces, filters, losses, descriptors.

import { readdirSync, readlinkSync } from "node:fs";
import { describe, expect } from "vitest";
import { samplingProgram } from "../../agent/capture/bpf.ts";
import { isTruncated } from "../../agent/sockets/netlink-socket.ts";
import { inetAddress, intOption, netlinkAddress, packetAddress } from "../../agent/sockets/socket-address.ts";
import * as k from "../../agent/sockets/socket-constants.ts";
import { makeReceiveBatch, messageBytes } from "../../native-shim/batch.ts";
import { errnoName } from "../../native-shim/errno.ts";
import { loadShim } from "../../native-shim/load.ts";
import { sleep, until } from "./command.ts";
import { test } from "./fixture.ts";
import { type Cable, connect, type Namespace } from "./namespaces.ts";

const shim = loadShim();
const { layout } = shim;
const batch = makeReceiveBatch(layout, 64, 128);
const ETH_P_TEST = 0x88b5;

let near: Namespace;
let far: Namespace;
let ends: [Cable, Cable];

test.beforeAll(({ lab }) => {
  near = lab.namespace();
  far = lab.namespace();
  ends = connect("shim0", [near, "10.77.0.1"], [far, "10.77.0.2"]);
});

/** Receives from `index` only after its bind, when the filter is attached. */
function tap(namespace: Namespace, index: number, filter?: Uint8Array): number {
  const fd = shim.socket(k.AF_PACKET, k.SOCK_RAW, 0, namespace.path);
  if (filter !== undefined) shim.attachFilter(fd, filter);
  shim.bind(fd, packetAddress(k.ETH_P_ALL, index));
  return fd;
}

const macBytes = (mac: string): number[] => mac.split(":").map((part) => Number.parseInt(part, 16));

/** Returns a frame from end 0 to end 1, with zeros up to `length`. */
function frame(length: number, ...afterAddresses: number[]): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set([...macBytes(ends[1].mac), ...macBytes(ends[0].mac), ...afterAddresses]);
  return bytes;
}

function sendFrames(...frames: Uint8Array[]): void {
  const fd = shim.socket(k.AF_PACKET, k.SOCK_RAW, 0, near.path);
  shim.bind(fd, packetAddress(ETH_P_TEST, ends[0].index));
  const lengths = Uint32Array.from(frames, (one) => one.length);
  const offsets = lengths.map((_, i) => lengths.slice(0, i).reduce((sum, length) => sum + length, 0));
  expect(shim.send(fd, Buffer.concat(frames), offsets, lengths, 0, frames.length)).toBe(frames.length);
  shim.close(fd);
}

/** Waits for this many messages: the other end of a veth receives a little later. Returns the length of each. */
async function receive(fd: number, count: number): Promise<[length: number, truncated: boolean][]> {
  let filled = 0;
  await until(`${count} messages`, () => {
    filled = shim.receive(fd, batch);
    return filled !== 0;
  });
  expect(filled).toBe(count);
  return Array.from({ length: filled }, (_, i) => [messageBytes(layout, batch, i).length, isTruncated(shim, batch, i)]);
}

describe("packet sockets", () => {
  test("hand over frames in order, and say which were cut", async () => {
    const fd = tap(far, ends[1].index);
    sendFrames(frame(60, 0x88, 0xb5), frame(1514, 0x88, 0xb5, 1, 2, 3));
    expect(await receive(fd, 2)).toEqual([
      [60, false],
      [128, true],
    ]);
    expect([...messageBytes(layout, batch, 1).subarray(12, 17)]).toEqual([0x88, 0xb5, 1, 2, 3]);
    shim.close(fd);
  });

  test("do not call a frame truncated that the filter cut", async () => {
    const fd = tap(far, ends[1].index, samplingProgram({ samplingRate: 1, headerBytes: 64, hardwareType: 1 }, []));
    sendFrames(frame(1000, 0x88, 0xb5));
    expect(await receive(fd, 1)).toEqual([[64, false]]);
    shim.close(fd);
  });

  test("receive nothing that their filter drops, and a new filter replaces the old", async () => {
    const fd = tap(far, ends[1].index, new Uint8Array(Uint32Array.of(0x06, 0).buffer));
    sendFrames(frame(60, 0x88, 0xb5));
    shim.attachFilter(fd, new Uint8Array(Uint32Array.of(0x06, 99).buffer));
    sendFrames(frame(200, 0x88, 0xb5));
    expect(await receive(fd, 1)).toEqual([[99, false]]);
    shim.close(fd);
  });

  test("refuse an invalid filter", () => {
    const fd = tap(far, ends[1].index);
    expect(() => shim.attachFilter(fd, new Uint8Array(8).fill(0xff))).toThrow(
      expect.objectContaining({ code: "EINVAL" }),
    );
    shim.close(fd);
  });

  test("count lost frames", async () => {
    const fd = tap(far, ends[1].index);
    shim.setOption(fd, k.SOL_SOCKET, k.SO_RCVBUF, intOption(2048));
    sendFrames(...Array.from({ length: 64 }, () => frame(1000, 0x88, 0xb5)));
    await until("all frames", () => {
      const [packets, drops] = new Uint32Array(shim.getOption(fd, k.SOL_PACKET, k.PACKET_STATISTICS, 8).slice().buffer);
      return packets === 64 && (drops ?? 0) > 0 && (drops ?? 0) < 64;
    });
    shim.close(fd);
  });

  test("report once that their interface went down, after the frames before it", async () => {
    const fd = tap(far, ends[1].index);
    sendFrames(frame(60, 0x88, 0xb5));
    await sleep(50);
    far.ip("link", "set", "shim0", "down");
    const results = [shim.receive(fd, batch), shim.receive(fd, batch), shim.receive(fd, batch)];
    far.ip("link", "set", "shim0", "up");
    expect(results.map((result) => (result < 0 ? errnoName(result) : result)).sort()).toEqual([0, 1, "ENETDOWN"]);
    shim.close(fd);
  });
});

describe("namespaces", () => {
  const namespaces = (): Set<string> =>
    new Set(readdirSync("/proc/self/task").map((task) => readlinkSync(`/proc/self/task/${task}/ns/net`)));

  test("a socket is opened inside one, and no thread of this process stays there", () => {
    const before = namespaces();
    const fd = shim.socket(k.AF_INET, k.SOCK_DGRAM, 0, far.path);
    shim.bind(fd, inetAddress(Uint8Array.of(10, 77, 0, 2), 0));
    const own = shim.socket(k.AF_INET, k.SOCK_DGRAM, 0);
    expect(() => shim.bind(own, inetAddress(Uint8Array.of(10, 77, 0, 2), 0))).toThrow(/EADDRNOTAVAIL/);
    expect([...namespaces()]).toEqual([...before]);
    expect(before.size).toBe(1);
    for (const one of [fd, own]) shim.close(one);
  });

  test("a path that is missing, or is no network namespace, is an error that names it", () => {
    const open = (path: string) => () => shim.socket(k.AF_INET, k.SOCK_DGRAM, 0, path);
    expect(open("/run/netns/none")).toThrow(/ENOENT.*\/run\/netns\/none/);
    expect(open("/proc/self/ns/pid")).toThrow(/EINVAL/);
    expect(open("/proc/self/status")).toThrow(/EINVAL/);
  });
});

test("ten thousand sockets, in namespaces, watched or failed, leave no descriptor open", () => {
  const count = () => readdirSync("/proc/self/fd").length;
  const first = shim.socket(k.AF_NETLINK, k.SOCK_RAW, k.NETLINK_ROUTE);
  shim.watch(first, () => undefined);
  shim.close(first);
  const before = count();
  for (let i = 0; i < 10_000; i++) {
    const fd = shim.socket(k.AF_NETLINK, k.SOCK_RAW, k.NETLINK_ROUTE, i % 10 === 0 ? far.path : undefined);
    shim.bind(fd, netlinkAddress());
    if (i % 3 === 0) shim.watch(fd, () => undefined);
    if (i % 7 === 0) expect(() => shim.socket(k.AF_INET, 99, 0, far.path)).toThrow();
    shim.close(fd);
  }
  expect(count()).toBe(before);
});
