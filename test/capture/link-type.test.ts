// Where a packet begins in each link type, with VLAN tags and labels before it.

import { expect, it } from "vitest";
import { enterLink } from "../../agent/capture/link-type.ts";
import { makeSoftwarePacket } from "../../agent/capture/software-tap.ts";
import { hex } from "../packet/frames.ts";

const ip4 = "45000014";
const ip6 = "60000000";

function enter(linkType: number, ...pieces: string[]) {
  const bytes = hex(...pieces);
  const packet = { ...makeSoftwarePacket(bytes), captured: bytes.length, wire: 1000 };
  const reason = enterLink(packet, linkType);
  const { at, captured, wire, protocol, packetType, hardwareType } = packet;
  const text = Buffer.from(bytes.subarray(at, at + captured)).toString("hex");
  return reason ?? { text, header: 1000 - wire, protocol, packetType, hardwareType };
}

const sll = (type: string): string => `000400010006020000000001${"0000"}${type}`;
const sll2 = (type: string): string => `${type}00000000000200010306020000000001${"0000"}`;

it.each([
  ["raw IP", 101, "", ip4, 0],
  ["raw IP of other systems", 12, "", ip6, 0],
  ["raw IP of OpenBSD", 14, "", ip4, 0],
  ["IPv4", 228, "", ip4, 0],
  ["IPv6", 229, "", ip6, 0],
  ["BSD loopback, little-endian", 0, "02000000", ip4, 0],
  ["BSD loopback, big-endian", 0, "0000001c", ip6, 0],
  ["OpenBSD loopback", 108, "00000002", ip4, 0],
  ["IPsec of OpenBSD", 109, "000000020000000000000000", ip4, 0],
  ["PPP", 9, "ff030021", ip4, 0x0800],
  ["PPP without its address", 9, "0057", ip6, 0x86dd],
  ["PPP with a short protocol", 9, "21", ip4, 0x0800],
  ["PPP under MPLS", 9, "ff03028100010140", ip4, 0x0800],
  ["PPP in HDLC", 50, "ff030021", ip4, 0x0800],
  ["Cisco HDLC as PPP", 50, "0f000800", ip4, 0x0800],
  ["Cisco HDLC", 104, "0f0086dd", ip6, 0x86dd],
  ["PPP with its direction in front", 204, "01ff030021", ip4, 0x0800],
  ["PPP of pppd", 166, "00030021", ip4, 0x0800],
  ["PPPoE", 51, "110000010006" + "0021", ip4, 0x0800],
  ["MPLS", 219, "0001004000010140", ip6, 0x86dd],
  ["cooked", 113, sll("0800"), ip4, 0x0800],
  ["cooked, VLAN", 113, `${sll("8100")}00640800`, ip4, 0x0800],
  ["cooked, two VLANs", 113, `${sll("88a8")}0064810000c886dd`, ip6, 0x86dd],
  ["cooked, MPLS", 113, `${sll("8847")}0001004000010140`, ip4, 0x0800],
  ["cooked, VLAN and PPPoE", 113, `${sll("8100")}00648864110000010006${"0021"}`, ip4, 0x0800],
  ["cooked, LLC", 113, `${sll("0004")}aaaa030000000800`, ip4, 0x0800],
  ["cooked 2", 276, sll2("86dd"), ip6, 0x86dd],
  ["cooked 2, VLAN", 276, `${sll2("8100")}00640800`, ip4, 0x0800],
  ["cooked 2, MPLS in a VLAN", 276, `${sll2("8100")}0064884700010140`, ip4, 0x0800],
])("finds IP in %s", (_, linkType, header, ip, protocol) => {
  expect(enter(linkType, header, ip)).toMatchObject({
    text: ip,
    header: header.length / 2,
    protocol,
    hardwareType: 65534,
  });
});

it("reads the direction from a cooked header", () => {
  expect(enter(113, sll("0800"), ip4)).toMatchObject({ packetType: 4 });
  expect(enter(276, sll2("0800"), ip4)).toMatchObject({ packetType: 3 });
  expect(enter(101, ip4)).toMatchObject({ packetType: 0xff });
});

it("leaves Ethernet as it is", () => {
  expect(enter(1, "020000000002020000000001", "88b5", "00")).toMatchObject({ header: 0, hardwareType: 1 });
});

it("gives the reason for a packet that it cannot use", () => {
  expect(enter(113, sll("0806"), "0001")).toBe("neither Ethernet nor IP");
  expect(enter(113, sll("8100"), "00640806", "0001")).toBe("neither Ethernet nor IP");
  expect(enter(113, sll("8847"), "00010140", "00000000")).toBe("neither Ethernet nor IP");
  expect(enter(9, "ff03c021", "01")).toBe("neither Ethernet nor IP");
  expect(enter(101, "05")).toBe("neither Ethernet nor IP");
  expect(enter(127, "00")).toBe("of link type 127");
  for (const linkType of [0, 1, 9, 50, 51, 101, 104, 108, 109, 113, 166, 204, 219, 276])
    expect(enter(linkType, "")).toBe("shorter than the header of the link layer");
  expect(enter(113, sll("0800"))).toBe("shorter than the header of the link layer");
  for (let length = 1; length < 24; length++)
    expect(enter(113, `${sll("8100")}00648847${"00010140"}${ip4}`.slice(0, 2 * length))).toBeTypeOf("string");
});
