// The contract that fake sockets and the addon share: UDP on the loopback, a netlink request, errors, watches.

import { describe, expect, test } from "vitest";
import { isTruncated } from "../../agent/sockets/netlink-socket.ts";
import {
  inetAddress,
  intOption,
  netlinkAddress,
  parseInetAddress,
  parseIntOption,
} from "../../agent/sockets/socket-address.ts";
import {
  AF_INET,
  AF_INET6,
  AF_NETLINK,
  NETLINK_ROUTE,
  SO_RCVBUF,
  SOCK_DGRAM,
  SOCK_RAW,
  SOL_SOCKET,
} from "../../agent/sockets/socket-constants.ts";
import { makeReceiveBatch, messageBytes } from "../../native-shim/batch.ts";
import { errnoName } from "../../native-shim/errno.ts";
import { loadShim } from "../../native-shim/load.ts";
import type { Shim } from "../../native-shim/shim.ts";
import { makeFakeShim } from "../fakes/shim.ts";

const LOOPBACK = Uint8Array.of(127, 0, 0, 1);
const LOOPBACK6 = Uint8Array.from([...new Array<number>(15).fill(0), 1]);

/** The kernel's acknowledgement: an NLMSG_ERROR with error 0. linux/netlink.h */
function acknowledge(request: Uint8Array): Uint8Array[] {
  const answer = new Uint8Array(36);
  const fields = new DataView(answer.buffer);
  fields.setUint32(0, 36, true);
  fields.setUint16(4, 2, true);
  answer.set(request.subarray(0, 16), 20);
  return [answer];
}

function makeFake(): Shim {
  const shim = makeFakeShim();
  shim.onOpen = (socket) => {
    socket.hardware.set("lo", Uint8Array.of(0x04, 0x03, ...new Array<number>(14).fill(0)));
    if (socket.domain === AF_NETLINK) socket.answer = acknowledge;
  };
  return shim;
}

/** NLMSG_NOOP with NLM_F_REQUEST | NLM_F_ACK. */
const NO_OPERATION = new Uint8Array(Uint32Array.of(16, (0x5 << 16) | 1, 7, 0).buffer);

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

const codeOf = (call: () => unknown): unknown => {
  try {
    return call();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

describe.each([
  ["fake", makeFake],
  ["addon", () => loadShim()],
])("shim: %s", (_name, make) => {
  function udp(shim: Shim, address: Uint8Array = LOOPBACK) {
    const fd = shim.socket(address.length === 4 ? AF_INET : AF_INET6, SOCK_DGRAM, 0);
    shim.bind(fd, inetAddress(address, 0));
    return { fd, address: shim.name(fd) };
  }

  function pair(shim: Shim) {
    const [one, other] = [udp(shim), udp(shim)];
    shim.connect(one.fd, other.address);
    return { from: one.fd, to: other.fd };
  }

  function sendTexts(shim: Shim, fd: number, texts: readonly string[], address?: Uint8Array): number {
    const bytes = text(texts.join(""));
    const lengths = Uint32Array.from(texts, (one) => one.length);
    const offsets = lengths.map((_, i) => lengths.slice(0, i).reduce((sum, length) => sum + length, 0));
    return shim.send(fd, bytes, offsets, lengths, 0, texts.length, address);
  }

  function receiveTexts(shim: Shim, fd: number, slots = 8): string[] {
    const batch = makeReceiveBatch(shim.layout, slots, 64);
    const count = shim.receive(fd, batch);
    if (count < 0) return [errnoName(count)];
    return Array.from({ length: count }, (_, i) => new TextDecoder().decode(messageBytes(shim.layout, batch, i)));
  }

  test("a bound socket has a name", () => {
    const shim = make();
    const { fd, address } = udp(shim);
    expect(parseInetAddress(address)?.address).toEqual(LOOPBACK);
    expect(parseInetAddress(address)?.port).toBeGreaterThan(0);
    shim.close(fd);
  });

  test.each([LOOPBACK, LOOPBACK6])("messages sent in one call arrive in order", (loopback) => {
    const shim = make();
    const [from, to] = [udp(shim, loopback), udp(shim, loopback)];
    expect(receiveTexts(shim, to.fd)).toEqual([]);
    expect(sendTexts(shim, from.fd, ["one", "two", "three"], to.address)).toBe(3);
    expect(receiveTexts(shim, to.fd, 2)).toEqual(["one", "two"]);
    expect(receiveTexts(shim, to.fd, 2)).toEqual(["three"]);
    expect(receiveTexts(shim, to.fd, 2)).toEqual([]);
    for (const { fd } of [from, to]) shim.close(fd);
  });

  test("a connected socket needs no address, and sends part of the columns", () => {
    const shim = make();
    const { from, to } = pair(shim);
    expect(shim.send(from, text("abcdef"), Uint32Array.of(0, 1, 3), Uint32Array.of(1, 2, 3), 1, 2)).toBe(2);
    expect(receiveTexts(shim, to)).toEqual(["bc", "def"]);
    for (const fd of [from, to]) shim.close(fd);
  });

  test("a message longer than its slot is cut and marked as truncated", () => {
    const shim = make();
    const { layout } = shim;
    const { from, to } = pair(shim);
    sendTexts(shim, from, ["0123456789", "0123"]);
    const batch = makeReceiveBatch(layout, 2, 4);
    expect(shim.receive(to, batch)).toBe(2);
    const read = (i: number) => [messageBytes(layout, batch, i), isTruncated(shim, batch, i)];
    expect(read(0)).toEqual([text("0123"), true]);
    expect(read(1)).toEqual([text("0123"), false]);
    for (const fd of [from, to]) shim.close(fd);
  });

  test("the loopback has type 772 and no address, and an unknown interface is ENODEV", () => {
    const shim = make();
    const { fd } = udp(shim);
    expect([...shim.hardware(fd, "lo")]).toEqual([0x04, 0x03, ...new Array<number>(14).fill(0)]);
    expect(codeOf(() => shim.hardware(fd, "nothing0"))).toBe("ENODEV");
    shim.close(fd);
  });

  test("options are read back", () => {
    const shim = make();
    const { fd } = udp(shim);
    shim.setOption(fd, SOL_SOCKET, SO_RCVBUF, intOption(65_536));
    expect(parseIntOption(shim.getOption(fd, SOL_SOCKET, SO_RCVBUF, 4))).toBeGreaterThanOrEqual(65_536);
    shim.close(fd);
  });

  test("the kernel answers a netlink message", () => {
    const shim = make();
    const fd = shim.socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    shim.bind(fd, netlinkAddress());
    shim.connect(fd, netlinkAddress());
    expect(shim.name(fd)).toHaveLength(12);
    expect(shim.send(fd, NO_OPERATION, Uint32Array.of(0), Uint32Array.of(16), 0, 1)).toBe(1);
    const batch = makeReceiveBatch(shim.layout, 1, 4096);
    expect(shim.receive(fd, batch)).toBe(1);
    const answer = messageBytes(shim.layout, batch, 0);
    expect([answer[4], answer[16]]).toEqual([2, 0]);
    shim.close(fd);
  });

  test("errors of set-up calls have code, errno and system call", () => {
    const shim = make();
    expect(() => shim.socket(99, SOCK_DGRAM, 0)).toThrow(
      expect.objectContaining({ code: "EAFNOSUPPORT", errno: 97, syscall: "socket" }),
    );
    const [one, other] = [udp(shim), shim.socket(AF_INET, SOCK_DGRAM, 0)];
    expect(codeOf(() => shim.bind(other, one.address))).toBe("EADDRINUSE");
    for (const fd of [one.fd, other]) shim.close(fd);
  });

  test("a descriptor that is not open is EBADF in every call", () => {
    const shim = make();
    const fd = 99_999;
    const address = inetAddress(LOOPBACK, 9);
    expect(codeOf(() => shim.bind(fd, address))).toBe("EBADF");
    expect(codeOf(() => shim.connect(fd, address))).toBe("EBADF");
    expect(codeOf(() => shim.name(fd))).toBe("EBADF");
    expect(codeOf(() => shim.setOption(fd, SOL_SOCKET, SO_RCVBUF, intOption(1)))).toBe("EBADF");
    expect(codeOf(() => shim.getOption(fd, SOL_SOCKET, SO_RCVBUF, 4))).toBe("EBADF");
    expect(codeOf(() => shim.attachFilter(fd, new Uint8Array(8)))).toBe("EBADF");
    expect(codeOf(() => shim.watch(fd, () => undefined))).toBe("EBADF");
    expect(codeOf(() => shim.close(fd))).toBe("EBADF");
    expect(receiveTexts(shim, fd)).toEqual(["EBADF"]);
    expect(errnoName(sendTexts(shim, fd, ["x"], address))).toBe("EBADF");
  });

  test("reads and writes nothing outside the arrays", () => {
    const shim = make();
    const { from, to } = pair(shim);
    const bytes = new Uint8Array(10);
    const send = (offset: number, length: number, first: number, count: number) => () =>
      shim.send(from, bytes, Uint32Array.of(offset), Uint32Array.of(length), first, count);
    expect(send(0, 11, 0, 1)).toThrow(RangeError);
    expect(send(11, 0, 0, 1)).toThrow(RangeError);
    expect(send(0xffff_ffff, 0xffff_ffff, 0, 1)).toThrow(RangeError);
    expect(send(0, 1, 0, 2)).toThrow(RangeError);
    expect(send(0, 1, 2, 0)).toThrow(RangeError);
    expect(send(0, 1, 1, 0)()).toBe(0);
    const small = makeReceiveBatch(shim.layout, 4, 16);
    expect(() => shim.receive(to, { ...small, slots: 5 })).toThrow(RangeError);
    expect(() => shim.receive(to, { ...small, stride: 17 })).toThrow(RangeError);
    expect(() => shim.receive(to, { ...small, words: new Uint32Array(1) })).toThrow(RangeError);
    expect(() => shim.attachFilter(from, new Uint8Array(7))).toThrow(RangeError);
    expect(() => shim.attachFilter(from, new Uint8Array(0))).toThrow(RangeError);
    for (const fd of [from, to]) shim.close(fd);
  });

  test("a watch calls until everything is read, and again at the next message", async () => {
    const shim = make();
    const { from, to } = pair(shim);
    const seen: string[] = [];
    const until = (count: number) =>
      new Promise<void>((resolve) => {
        const watch = shim.watch(to, () => {
          seen.push(...receiveTexts(shim, to, 1));
          if (seen.length < count) return;
          watch.close();
          watch.close();
          resolve();
        });
      });
    sendTexts(shim, from, ["a", "b", "c"]);
    await until(3);
    const next = until(4);
    sendTexts(shim, from, ["d"]);
    await next;
    expect(seen).toEqual(["a", "b", "c", "d"]);
    for (const fd of [from, to]) shim.close(fd);
  });

  test("a watch may close its own socket, and a socket has at most one watch", async () => {
    const shim = make();
    const { from, to } = pair(shim);
    await new Promise<void>((resolve) => {
      shim.watch(to, () => {
        shim.close(to);
        resolve();
      });
      expect(codeOf(() => shim.watch(to, () => undefined))).toBe("EEXIST");
      sendTexts(shim, from, ["a"]);
    });
    expect(receiveTexts(shim, to)).toEqual(["EBADF"]);
    shim.close(from);
  });
});
