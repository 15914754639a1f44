// Datagrams in binary, one behind the other, and other bytes that begin as a datagram does.

import { expect, it } from "vitest";
import { RawInput } from "../../../agent/commands/decode/raw-input.ts";
import { datagram, join } from "../../sflow/build.ts";
import { fromHex, vectors } from "../../sflow/vectors.ts";

function read(bytes: Uint8Array, size = bytes.length): number[] {
  const lengths: number[] = [];
  const nothing = () => undefined;
  const input = new RawInput({
    take: (taken) => void lengths.push(taken.length),
    report: nothing,
    remark: nothing,
  });
  for (let at = 0; at < bytes.length; at += size) input.push(bytes.slice(at, at + size));
  input.end();
  return lengths;
}

it("are taken one by one, in pieces of any size", () => {
  const [a, c] = [fromHex(vectors.A), fromHex(vectors.C)];
  for (const size of [1, 50, 1000])
    expect(read(join(a, c, datagram([]), a), size)).toEqual([a.length, c.length, 28, a.length]);
});

it("are one if the lengths do not lead to another", () => {
  const cut = fromHex(vectors.A).slice(0, -4);
  expect(read(join(cut, datagram([])))).toEqual([cut.length + 28]);
  expect(read(fromHex("000000"))).toEqual([3]);
});

it("are not kept in memory if there is no end to them", () => {
  expect(() => read(new Uint8Array(2 << 20), 65_536)).toThrow("not a pcap file, a datagram or hex digits");
});
