// Bonds in the layout of linux/if_link.h: settings, members, and counters of LACP.

import { expect, it } from "vitest";
import { makeAttribute, makeUint32 } from "../../agent/netlink/attribute.ts";
import { BondMode, readLacpCounters } from "../../agent/netlink/bond.ts";
import { type Link, readLink } from "../../agent/netlink/link.ts";
import { makeMessage, readMessages } from "../../agent/netlink/message.ts";

const text = (value: string) => new TextEncoder().encode(`${value}\0`);
const join = (...parts: Uint8Array[]) => new Uint8Array(parts.flatMap((part) => [...part]));
const byte = (type: number, value: number) => makeAttribute(type, new Uint8Array([value]));
const mac = (last: number) => new Uint8Array([2, 0, 0, 0, 0, last]);

function link(...info: Uint8Array[]): Link | undefined {
  const body = new Uint8Array(16);
  body[4] = 5;
  const message = makeMessage(16, 0, 1, body, makeAttribute(3, text("x")), makeAttribute(18, join(...info)));
  return readLink(readMessages(message)[0]!);
}

it("reads the settings of a bond that runs LACP", () => {
  const partner = join(makeAttribute(1, new Uint8Array([1, 0])), makeAttribute(5, mac(9)));
  const data = join(byte(1, 4), byte(21, 1), byte(29, 0), makeAttribute(23, partner), makeAttribute(26, mac(0)));
  expect(link(makeAttribute(1, text("bond")), makeAttribute(2, data))?.bond).toEqual({
    mode: BondMode.ieee8023ad,
    fastRate: true,
    lacpActive: false,
    actorSystem: mac(0),
    partnerSystem: mac(9),
  });
});

it("reads no partner if the bond does not run LACP", () => {
  expect(link(makeAttribute(1, text("bond")), makeAttribute(2, byte(1, 1)))?.bond).toMatchObject({
    mode: BondMode.activeBackup,
    lacpActive: true,
    partnerSystem: undefined,
  });
});

it("reads a member, whose actor state is one byte and partner state two", () => {
  const data = join(byte(1, 0), byte(2, 0), byte(7, 0x3d), makeAttribute(8, new Uint8Array([0x3f, 0])));
  expect(link(makeAttribute(4, text("bond")), makeAttribute(5, data))).toMatchObject({
    kind: undefined,
    bondMember: { active: true, linkUp: true, actorState: 0x3d, partnerState: 0x3f },
  });
});

it("reads a backup member without LACP, and no member of a bridge", () => {
  const data = join(byte(1, 1), byte(2, 2));
  expect(link(makeAttribute(4, text("bond")), makeAttribute(5, data))?.bondMember).toEqual({
    active: false,
    linkUp: false,
    actorState: undefined,
    partnerState: undefined,
  });
  expect(link(makeAttribute(4, text("bridge")), makeAttribute(5, data))?.bondMember).toBe(undefined);
});

it("reads the number of a VLAN", () => {
  const vlan = link(makeAttribute(1, text("vlan")), makeAttribute(2, makeAttribute(1, new Uint8Array([0xff, 0x0f]))));
  expect(vlan).toMatchObject({ kind: "vlan", vlan: 4095 });
});

it("reads the LACP counters of a member", () => {
  const counter = (type: number, value: number) => makeAttribute(type, join(makeUint32(value), makeUint32(1)));
  const counters = join(counter(0, 1), counter(1, 2), makeAttribute(9, new Uint8Array(0)), counter(6, 7));
  const nest = makeAttribute(3, makeAttribute(2, makeAttribute(1, counters)));
  const read = (...body: Uint8Array[]) => readLacpCounters(readMessages(makeMessage(92, 0, 1, ...body))[0]!);
  expect(read(new Uint8Array(12), nest)).toEqual({
    lacpduRx: 1 + 2 ** 32,
    lacpduTx: 2 + 2 ** 32,
    lacpduUnknownRx: undefined,
    lacpduIllegalRx: undefined,
    markerRx: undefined,
    markerTx: undefined,
    markerResponseRx: 7 + 2 ** 32,
    markerResponseTx: undefined,
    markerUnknownRx: undefined,
  });
  expect(read(new Uint8Array(12))).toBe(undefined);
});
