// The words of a flow key.

import { describe, expect, it } from "vitest";
import { FLOW_KEY_WORDS, putFlowKey } from "../../agent/packet/flow-key.ts";
import { decodePacket, HeaderProtocol, makePacket } from "../../agent/packet/packet.ts";
import { ethernet, hex, ipv4, ipv6, tcp } from "./frames.ts";

function key(bytes: Uint8Array, reverse = false): number[] {
  const packet = makePacket();
  decodePacket(packet, HeaderProtocol.ethernet, bytes, 0, bytes.length);
  const words = new Uint32Array(FLOW_KEY_WORDS);
  expect(putFlowKey(words, 0, bytes, packet.outer, reverse)).toBe(true);
  return [...words];
}

describe("flow key", () => {
  const four = (source: number, destination: number) => hex(ethernet("0800"), ipv4("06"), tcp(source, destination));

  it("holds addresses, ports, protocol and version", () => {
    expect(key(four(40000, 80))).toEqual([0xc0000201, 0, 0, 0, 0xc6336402, 0, 0, 0, 40000 * 65536 + 80, 0x0604]);
    expect(key(hex(ethernet("86dd"), ipv6("06"), tcp(1, 2)))).toEqual([
      0x20010db8, 0, 0, 1, 0x20010db8, 0, 0, 2, 0x10002, 0x0606,
    ]);
  });

  it("exchanges source and destination if asked to", () => {
    const [words, turned] = [key(four(40000, 80)), key(four(40000, 80), true)];
    expect(turned.slice(0, 8)).toEqual([...words.slice(4, 8), ...words.slice(0, 4)]);
    expect(turned[8]).toBe(80 * 65536 + 40000);
  });

  it("refuses packets that are not IP", () => {
    const packet = makePacket();
    const bytes = hex(ethernet("88cc"), "0207");
    decodePacket(packet, HeaderProtocol.ethernet, bytes, 0, bytes.length);
    expect(putFlowKey(new Uint32Array(FLOW_KEY_WORDS), 0, bytes, packet.outer, false)).toBe(false);
  });
});
