// Netlink sockets for requests and for events, and families of generic netlink, with a simulated kernel.

import { beforeEach, describe, expect, it, vi } from "vitest";
import { MessageFlag, makeMessage } from "../../agent/netlink/message.ts";
import { linkRequest } from "../../agent/netlink/route.ts";
import { askAll } from "../../agent/sockets/ask-all.ts";
import { askOne } from "../../agent/sockets/ask-one.ts";
import { findFamily } from "../../agent/sockets/find-family.ts";
import { openNetlinkGroups } from "../../agent/sockets/netlink-groups.ts";
import { openNetlinkSocket } from "../../agent/sockets/netlink-socket.ts";
import { intOption, parseIntOption } from "../../agent/sockets/socket-address.ts";
import { NETLINK_GENERIC, NETLINK_ROUTE } from "../../agent/sockets/socket-constants.ts";
import { type FakeShim, makeFakeShim } from "../fakes/shim.ts";
import { bytesOfCapture } from "../netlink/capture.ts";

const DONE = 3;
const ERROR = 2;
const MEMBERSHIP = "270/1";
const RECEIVE_BUFFER = "1/8";
const RECEIVE_BUFFER_FORCED = "1/33";

const errorMessage = (sequence: number, errno: number): Uint8Array =>
  makeMessage(ERROR, 0, sequence, intOption(-errno), new Uint8Array(16));
const sequenceOf = (request: Uint8Array): number => new DataView(request.buffer).getUint32(8, true);

let shim: FakeShim;
beforeEach(() => {
  shim = makeFakeShim();
});

/** Opens a socket whose other end answers with these datagrams, made for the sequence number of a request. */
function openAnswered(...answers: ((sequence: number) => Uint8Array)[]) {
  shim.onOpen = (socket) => {
    socket.answer = (request) => answers.map((answer) => answer(sequenceOf(request)));
  };
  return openNetlinkSocket(shim, NETLINK_GENERIC);
}

describe("a socket for requests", () => {
  const request = (sequence: number) => linkRequest(sequence, 0);

  it("reads a dump of several datagrams and returns 0 at its end", () => {
    const part = (sequence: number) => makeMessage(20, MessageFlag.multi, sequence);
    const socket = openAnswered(part, part, (sequence) => makeMessage(DONE, 0, sequence, intOption(0)));
    const onMessage = vi.fn();
    expect(socket.ask(request, onMessage)).toBe(0);
    expect(onMessage).toHaveBeenCalledTimes(2);
  });

  it("returns the errno of an error, of a failed send and of an answer that never comes", () => {
    const socket = openAnswered((sequence) => errorMessage(sequence, 19));
    expect(socket.ask(request, vi.fn())).toBe(-19);
    shim.fail("send", "EPERM");
    expect(socket.ask(request, vi.fn())).toBe(-1);
    expect(openAnswered().ask(request, vi.fn())).toBe(-71);
  });

  it("returns EAGAIN for a dump that a change interrupted", () => {
    const socket = openAnswered((sequence) => makeMessage(DONE, MessageFlag.interrupted, sequence, intOption(0)));
    expect(socket.ask(request, vi.fn())).toBe(-11);
  });

  it("reads an answer with a message longer than its buffer at the second attempt", () => {
    const long = (sequence: number) => makeMessage(20, MessageFlag.multi, sequence, new Uint8Array(60_000));
    const short = (sequence: number) => makeMessage(20, MessageFlag.multi, sequence, new Uint8Array(8));
    const socket = openAnswered(long, short, (sequence) => makeMessage(DONE, 0, sequence, intOption(0)));
    const lengths: number[] = [];
    expect(askAll(socket, request, ({ start, end }) => end - start, lengths)).toBe(0);
    expect(lengths).toEqual([60_000, 8]);
    expect(askOne(socket, request, ({ start, end }) => end - start)).toBe(8);
  });

  it("gives up at a message longer than any that the kernel sends", () => {
    const endless = (sequence: number) => makeMessage(20, MessageFlag.multi, sequence, new Uint8Array(300_000));
    const socket = openAnswered(endless, (sequence) => makeMessage(DONE, 0, sequence, intOption(0)));
    expect(askAll(socket, request, () => 1, [])).toBe(-90);
  });

  it("skips answers to an earlier request", () => {
    const socket = openAnswered(
      (sequence) => makeMessage(20, 0, sequence - 1),
      (sequence) => errorMessage(sequence - 1, 19),
      (sequence) => errorMessage(sequence, 0),
    );
    const onMessage = vi.fn();
    expect(socket.ask(request, onMessage)).toBe(0);
    expect(onMessage).not.toHaveBeenCalled();
  });

  it("is opened in the given namespace, with the given protocol", () => {
    openNetlinkSocket(shim, NETLINK_ROUTE, { namespace: "/proc/7/ns/net" }).close();
    expect(shim.opened[0]).toMatchObject({ protocol: NETLINK_ROUTE, namespace: "/proc/7/ns/net" });
    expect(shim.open).toEqual([]);
  });
});

describe("a socket for events", () => {
  it("joins groups by number, also groups above 32", () => {
    const groups = openNetlinkGroups(shim, NETLINK_GENERIC, { groups: [3] });
    const joined = () => parseIntOption(shim.opened[0]?.options.get(MEMBERSHIP) ?? new Uint8Array(4));
    expect(joined()).toBe(3);
    groups.join(40);
    expect(joined()).toBe(40);
  });

  it("enlarges the buffer above net.core.rmem_max, or without the privilege up to that limit", () => {
    openNetlinkGroups(shim, NETLINK_GENERIC, { bufferBytes: 1 << 20 });
    shim.fail("setOption", "EPERM");
    openNetlinkGroups(shim, NETLINK_GENERIC, { bufferBytes: 1 << 20 });
    expect(shim.opened.map(({ options }) => [...options.keys()])).toEqual([[RECEIVE_BUFFER_FORCED], [RECEIVE_BUFFER]]);
  });

  it("is closed again if the kernel refuses a group", () => {
    shim.fail("setOption", "EPERM");
    expect(() => openNetlinkGroups(shim, NETLINK_GENERIC, { groups: [3] })).toThrow("EPERM");
    expect(shim.open).toEqual([]);
  });

  it("reports the messages of a datagram together, and losses", () => {
    const groups = openNetlinkGroups(shim, NETLINK_GENERIC, { groups: [3], stride: 64, slots: 2 });
    const [onMessages, onLost] = [vi.fn(), vi.fn()];
    groups.listen({ onMessages, onLost });
    const [socket] = shim.open;
    if (socket === undefined) throw new Error("no socket");
    const message = makeMessage(20, 0, 0, new Uint8Array(4));
    shim.deliver(socket, { bytes: Uint8Array.from([...message, ...message]) });
    expect(onMessages.mock.calls.map(([messages]) => (messages as unknown[]).length)).toEqual([2]);
    shim.deliver(socket, { bytes: makeMessage(20, 0, 0, new Uint8Array(60)) });
    expect(onLost).toHaveBeenCalledTimes(1);
    shim.fail("receive", "ENOBUFS");
    shim.deliver(socket, { bytes: message });
    expect([onMessages.mock.calls.length, onLost.mock.calls.length]).toEqual([2, 2]);
  });

  it("reads messages as long as its stride", () => {
    const groups = openNetlinkGroups(shim, NETLINK_GENERIC, { groups: [3], stride: 66_000, slots: 1 });
    const lengths: number[] = [];
    groups.listen({
      onMessages: (messages) => lengths.push(...messages.map(({ start, end }) => end - start)),
      onLost: () => lengths.push(-1),
    });
    for (const socket of shim.open) shim.deliver(socket, { bytes: makeMessage(20, 0, 0, new Uint8Array(65_000)) });
    expect(lengths).toEqual([65_000]);
  });
});

describe("families of generic netlink", () => {
  it("are found by name", () => {
    const capture = bytesOfCapture("generic-family");
    const answer = (sequence: number) => {
      const bytes = capture.slice();
      const view = new DataView(bytes.buffer);
      for (let at = 0; at < bytes.length; at += view.getUint32(at, true)) view.setUint32(at + 8, sequence, true);
      return bytes;
    };
    expect(findFamily(openAnswered(answer), "netdev")).toMatchObject({ id: 0x14, version: 1 });
  });

  it("are undefined if the kernel does not have them", () => {
    expect(
      findFamily(
        openAnswered((sequence) => errorMessage(sequence, 2)),
        "psample",
      ),
    ).toBeUndefined();
  });
});
