// Sampled packets of local sockets: named by the service that has the socket, and by no other.

import { describe, expect, it } from "vitest";
import { makeBatch } from "../../../agent/flow/batch.ts";
import { GroupOwners } from "../../../agent/modules/systemd/group-owners.ts";
import type { Service } from "../../../agent/modules/systemd/service.ts";
import { type LocalFlow, type SocketGroup, SocketGroups } from "../../../agent/modules/systemd/socket-groups.ts";
import { SocketMarks } from "../../../agent/modules/systemd/socket-marks.ts";
import { makeAttribute } from "../../../agent/netlink/attribute.ts";
import { makeMessage } from "../../../agent/netlink/message.ts";
import { makeFakeClock } from "../../fakes/clock.ts";
import { adaptor, FakeInterfaces } from "../../fakes/interfaces.ts";
import { makeFakeShim } from "../../fakes/shim.ts";

const [RECEIVED, SENT] = [1, 2];
const [TCP, UDP] = [6, 17];
const [HERE, THERE, ELSEWHERE] = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];
const SERVICE = { class: 3, index: 100_001 };

const octets = (address: string): number[] => address.split(".").map(Number);

/** An IPv4 packet without Ethernet. */
const packet = (protocol: number, from: [string, number], to: [string, number]): number[] => [
  ...[0x45, 0, 0, 40, 0, 0, 0, 0, 64, protocol, 0, 0],
  ...[...octets(from[0]), ...octets(to[0])],
  ...[from[1] >> 8, from[1] & 255, to[1] >> 8, to[1] & 255],
  ...Array<number>(16).fill(0),
];

function setUp(find: (flow: LocalFlow) => SocketGroup | undefined) {
  const clock = makeFakeClock();
  const address = { bytes: Uint8Array.from(octets(HERE)), prefixLength: 24, flags: 0, scope: 0 };
  const interfaces = new FakeInterfaces(adaptor(2, "eth0", { addresses: [address] }));
  const asked: string[] = [];
  const marks = new SocketMarks({
    find(flow) {
      const [local = 0, remote = 0, ports = 0] = [flow.key[0], flow.key[4], flow.key[8]];
      asked.push([flow.protocol, local.toString(16), remote.toString(16), ports >>> 16, ports & 0xffff].join(" "));
      return find(flow);
    },
    ownerOf: (group) => (group === 7 ? SERVICE : undefined),
    interfaces,
    clock,
  });
  function through(direction: number, ...packets: number[][]): unknown[] {
    const batch = makeBatch({ source: { class: 0, index: 2 }, write: () => undefined });
    batch.bytes = Uint8Array.from(packets.flat());
    batch.count = packets.length;
    for (const [i, { length }] of packets.entries()) {
      batch.offset[i] = i * length;
      batch.headerLength[i] = length;
      batch.headerProtocol[i] = 11;
      batch.direction[i] = direction;
    }
    marks.annotate(batch);
    return packets.map((_, i) => batch.records[i]?.map(({ value }) => Object.values(value as object)));
  }
  return { marks, through, asked, clock };
}

const one =
  (id: number, anyAddress = false) =>
  () => ({ id, anyAddress });

describe("a packet of a local socket", () => {
  it("names the service at the end that is here", () => {
    const { through, asked, marks } = setUp(one(7));
    expect(through(RECEIVED, packet(TCP, [THERE, 5000], [HERE, 22]))).toEqual([[[0, 0, 3, 100_001]]]);
    expect(through(SENT, packet(UDP, [HERE, 53], [THERE, 5000]))).toEqual([[[3, 100_001, 0, 0]]]);
    expect(asked).toEqual(["6 a000001 a000002 22 5000", "17 a000001 a000002 53 5000"]);
    expect(marks.counters).toEqual({ samples: 2, marked: 2 });
  });

  it("is not named where no service has the socket, or there is none", () => {
    const frame = packet(TCP, [THERE, 5000], [HERE, 22]);
    expect(setUp(one(8)).through(RECEIVED, frame)).toEqual([undefined]);
    expect(setUp(() => undefined).through(RECEIVED, frame)).toEqual([undefined]);
  });

  it("is not named by a socket on any address when it only passes through", () => {
    const passing = packet(UDP, [THERE, 5000], [ELSEWHERE, 53]);
    expect(setUp(one(7, true)).through(RECEIVED, passing)).toEqual([undefined]);
    expect(setUp(one(7, true)).through(RECEIVED, packet(UDP, [THERE, 5000], [HERE, 53]))).toHaveLength(1);
  });

  it("is asked for once a flow, and again after five seconds", () => {
    const { through, asked, clock } = setUp(one(7));
    const frame = packet(TCP, [THERE, 5000], [HERE, 22]);
    through(RECEIVED, frame, frame);
    through(RECEIVED, frame);
    expect(asked).toHaveLength(1);
    clock.advance(5);
    through(RECEIVED, frame);
    expect(asked).toHaveLength(2);
  });

  it("of another protocol, or without a direction, is not looked up", () => {
    const { through, asked } = setUp(one(7));
    through(RECEIVED, packet(1, [THERE, 0], [HERE, 0]));
    through(0, packet(TCP, [THERE, 5000], [HERE, 22]));
    expect(asked).toEqual([]);
  });
});

it("the kernel is asked for a socket by protocol, addresses and ports, and names its group", () => {
  const shim = makeFakeShim();
  const sent: Uint8Array[] = [];
  shim.onOpen = (socket) => {
    socket.answer = (request) => {
      sent.push(request);
      const sequence = new DataView(request.buffer, request.byteOffset).getUint32(8, true);
      const answer = new Uint8Array(72);
      answer.set(octets(HERE), 8);
      const id = new Uint8Array(8);
      new DataView(id.buffer).setBigUint64(0, 4711n, true);
      return [
        makeMessage(20, 0, sequence, answer, makeAttribute(21, id)),
        makeMessage(2, 0, sequence, new Uint8Array(4)),
      ];
    };
  };
  const groups = new SocketGroups(shim);
  const key = Uint32Array.of(0x0a000001, 0, 0, 0, 0x0a000002, 0, 0, 0, (22 << 16) | 5000, 0);
  expect(groups.find({ key, protocol: TCP, version: 4, interfaceIndex: 2 })).toEqual({ id: 4711, anyAddress: false });
  const request = Buffer.from(sent[0] ?? []);
  expect([request[16], request[17]]).toEqual([2, TCP]);
  expect([request.readUInt16BE(24), request.readUInt16BE(26)]).toEqual([22, 5000]);
  expect([...request.subarray(28, 32), ...request.subarray(44, 48)]).toEqual([...octets(HERE), ...octets(THERE)]);
  expect(request.readUInt32LE(60)).toBe(2);
  groups.find({ key, protocol: UDP, version: 4, interfaceIndex: 2 });
  const swapped = Buffer.from(sent[1] ?? []);
  expect([swapped.readUInt16BE(24), swapped.readUInt16BE(26)]).toEqual([5000, 22]);
  expect([...swapped.subarray(28, 32), ...swapped.subarray(44, 48)]).toEqual([...octets(THERE), ...octets(HERE)]);
  groups.close();
  expect(shim.open).toEqual([]);
});

it("a group belongs to a service until that ends, also one that began without a bus", async () => {
  const owners = new GroupOwners();
  const service = { unit: "a.service", source: SERVICE } as Service;
  const bus = { groupId: async () => 7 };
  owners.begin(service, undefined);
  expect(owners.ownerOf(7)).toBeUndefined();
  owners.complete(bus);
  await Promise.resolve();
  expect(owners.ownerOf(7)).toBe(SERVICE);
  owners.end(service);
  expect(owners.ownerOf(7)).toBeUndefined();
});
