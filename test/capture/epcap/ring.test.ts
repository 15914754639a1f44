// Records in a ring, as the kernel lays them out: complete, busy, discarded, and over the end.

import { expect, test } from "vitest";
import { Ring } from "../../../agent/capture/epcap/ring.ts";
import { makeShimError } from "../../../native-shim/errno.ts";

const BYTES = 65_536;
const BUSY = 2 ** 31;
const DISCARDED = 2 ** 30;

/** A ring of a kernel with pages of this size. `put` writes the header of a record of `length` octets. */
function makeRing(pageBytes = 4096) {
  const consumer = new ArrayBuffer(4096);
  const shared = new ArrayBuffer(pageBytes + 2 * BYTES);
  const unmapped: ArrayBuffer[] = [];
  const closed: number[] = [];
  let produced = 0;
  const ring = new Ring(
    {
      bpf: () => 9,
      map(_fd, length, offset = 0, writable = true) {
        if (offset === 0 && writable) return consumer;
        if (offset !== pageBytes || length !== shared.byteLength || writable) throw makeShimError(-22, "mmap");
        return shared;
      },
      unmap: (memory) => void unmapped.push(memory),
      close: (fd) => void closed.push(fd),
    },
    BYTES,
  );
  const header = (at: number): Uint32Array => new Uint32Array(shared, pageBytes + (at % BYTES), 1);
  return {
    ...{ ring, unmapped, closed, header },
    consumed: () => new BigInt64Array(consumer)[0],
    put(length: number, flags = 0): number {
      const at = produced;
      header(at)[0] = (length | flags) >>> 0;
      produced += (length + 8 + 7) & ~7;
      new Uint32Array(shared)[0] = produced;
      return at;
    },
    read(): number[] {
      const places: number[] = [];
      ring.read((at) => places.push(at - pageBytes - 8));
      return places;
    },
  };
}

test("hands over complete records in order, without discarded ones", () => {
  const { put, read, consumed, ring } = makeRing();
  const places = [put(100), put(4), put(20, DISCARDED), put(8)];
  expect(ring.waiting).toBe(112 + 16 + 32 + 16);
  expect(read()).toEqual([places[0], places[1], places[3]]);
  expect([ring.waiting, consumed()]).toEqual([0, 0n]);
  ring.release();
  expect(consumed()).toBe(176n);
});

test("stops at a record that is being filled, and continues there", () => {
  const { put, read, header } = makeRing();
  const [first, second] = [put(10), put(10, BUSY), put(10)];
  expect(read()).toEqual([first]);
  expect(read()).toEqual([]);
  header(second)[0] = 10;
  expect(read()).toEqual([second, second + 24]);
});

test("goes on at the beginning after the end of the ring, and after 2^32 octets", () => {
  const { put, read, ring, consumed } = makeRing();
  let total = 0;
  for (let i = 0; i < 70_000; i++) {
    const at = put(BYTES - 100);
    expect(read()).toEqual([at % BYTES]);
    ring.release();
    total += BYTES - 88;
  }
  expect(total).toBeGreaterThan(2 ** 32);
  expect(consumed()).toBe(BigInt(total));
});

test("finds the page size of the kernel, and returns its memory", () => {
  for (const page of [4096, 16_384, 65_536]) {
    const { put, read, ring, unmapped, closed } = makeRing(page);
    put(40);
    expect(read()).toEqual([0]);
    ring.close();
    expect([unmapped.length, closed]).toEqual([2, [9]]);
  }
  expect(() => makeRing(1 << 20)).toThrow(/EINVAL.*mmap/);
});
