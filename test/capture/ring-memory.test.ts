// The memory that rings of many taps may have.

import { expect, test } from "vitest";
import { LEAST_FRAMES, ringLasts, ringSize } from "../../agent/capture/packet-ring.ts";
import { RingMemory, ringBytes } from "../../agent/capture/ring-memory.ts";

test("few taps have rings that last for three long pauses and more", () => {
  const memory = new RingMemory();
  const wanted = ringSize(1, 128);
  expect(memory.sizeFor(wanted)).toEqual(wanted);
  const lasting = [1, 2, 3].map(() => {
    const size = memory.sizeFor(wanted);
    memory.take(size);
    return ringLasts(size, 1);
  });
  expect(Math.min(...lasting)).toBeGreaterThan(60);
});

test.each([1, 10, 100, 400, 1000, 10_000])("a ring of 1-in-%d lasts as long as samples wait, and some", (rate) => {
  const size = ringSize(rate, 128);
  expect(ringLasts(size, rate)).toBeGreaterThan(109);
  expect(size.frames).toBeLessThanOrEqual(32_768);
});

test("1,000 taps at 1-in-10 share 32 MB beyond the smallest rings, and the first get most", () => {
  const memory = new RingMemory();
  const sizes = Array.from({ length: 1000 }, () => {
    const size = memory.sizeFor(ringSize(10, 128));
    memory.take(size);
    return size;
  });
  expect(sizes.filter(({ frames }) => frames % LEAST_FRAMES !== 0)).toEqual([]);
  expect(sizes[0]).toEqual(ringSize(10, 128));
  expect(sizes.at(-1)).toEqual({ frameBytes: 256, frames: LEAST_FRAMES });
  expect(memory.used).toBeLessThan(32 * 2 ** 20 + 1000 * LEAST_FRAMES * 256);
});

test("memory that is given back is granted again", () => {
  const memory = new RingMemory();
  const wanted = ringSize(1, 128);
  for (let i = 0; i < 100; i++) memory.take(wanted);
  expect(memory.sizeFor(wanted).frames).toBe(LEAST_FRAMES);
  for (let i = 0; i < 100; i++) memory.giveBack(wanted);
  expect(memory.used).toBe(0);
  expect(ringBytes(memory.sizeFor(wanted))).toBe(ringBytes(wanted));
});
