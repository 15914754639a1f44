// UDP segmentation offload: which datagrams are joined, and what happens when the kernel refuses.

import { expect, it } from "vitest";
import { Segments } from "../../../agent/modules/collector/segments.ts";
import type { DatagramBatch } from "../../../agent/sflow/collector.ts";
import { makeFakeShim } from "../../fakes/shim.ts";

const TO = Uint8Array.of(2, 0, 0x18, 0xc7, 192, 0, 2, 1);

/** Datagrams that follow each other in the buffer, each filled with its number. */
function datagrams(...lengths: number[]): DatagramBatch {
  const offsets = lengths.map((_, i) => lengths.slice(0, i).reduce((sum, length) => sum + length, 0));
  const bytes = Uint8Array.from(lengths.flatMap((length, i) => new Array<number>(length).fill(i)));
  return { count: lengths.length, bytes, offsets: Uint32Array.from(offsets), lengths: Uint32Array.from(lengths) };
}

const alike = (count: number, length: number): number[] => new Array<number>(count).fill(length);

function opened() {
  const shim = makeFakeShim();
  const fd = shim.socket(2, 2, 0);
  const sent = () => shim.open[0]?.sent.map(({ bytes }) => [bytes[0], bytes.length]);
  return { shim, sent, segments: new Segments(shim, fd) };
}

it("sends datagrams of one length in few messages, in order", () => {
  const { segments, sent, shim } = opened();
  expect(segments.send(datagrams(...alike(64, 1396)), 0, TO)).toBe(64);
  expect(sent()).toEqual(alike(64, 1396).map((length, i) => [i, length]));
  expect(shim.open[0]?.options.get("17/103")).toEqual(new Uint8Array(4));
});

it("sends the datagrams of a long run, and leaves other lengths and short runs to the caller", () => {
  const { segments, sent } = opened();
  const mixed = datagrams(...alike(40, 1000), 900, ...alike(23, 1000));
  expect(segments.send(mixed, 0, TO)).toBe(40);
  expect(segments.send(mixed, 40, TO)).toBe(0);
  expect(segments.send(mixed, 41, TO)).toBe(0);
  expect(sent()).toEqual(alike(40, 1000).map((length, i) => [i, length]));
});

it("gives up after an error, but not after a full buffer", () => {
  for (const [errno, after] of [
    ["EINVAL", 0],
    ["EIO", 0],
    ["EAGAIN", 64],
  ] as const) {
    const { segments, shim } = opened();
    shim.fail("send", errno);
    expect(segments.send(datagrams(...alike(64, 100)), 0, TO)).toBe(0);
    expect(segments.send(datagrams(...alike(64, 100)), 0, TO)).toBe(after);
  }
  const { segments, shim } = opened();
  shim.fail("setOption", "ENOPROTOOPT", 2);
  for (let i = 0; i < 2; i++) expect(segments.send(datagrams(...alike(64, 100)), 0, TO)).toBe(0);
});
