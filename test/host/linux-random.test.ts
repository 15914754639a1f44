// Random numbers: evenly distributed, from the kernel.

import { expect, it } from "vitest";
import { makeRandom } from "../../agent/host/linux-random.ts";

/** A generator whose words are given. */
const from = (...words: number[]) =>
  makeRandom((bytes) => {
    const pool = new Uint32Array(bytes.buffer);
    for (let i = 0; i < pool.length; i++) pool[i] = words[i % words.length] ?? 0;
  });

it("skips the words that would make small numbers more frequent", () => {
  const random = from(2 ** 32 - 1, 7);
  expect([random(6), random(6)]).toEqual([1, 1]);
  expect(from(2 ** 32 - 1)(2 ** 32)).toBe(2 ** 32 - 1);
  expect(from(2 ** 32 - 1)(65_536)).toBe(65_535);
});

it("is even, and different in each process", () => {
  const random = makeRandom();
  const counts = new Array<number>(16).fill(0);
  for (let i = 0; i < 16_000; i++) {
    const drawn = random(16);
    counts[drawn] = (counts[drawn] ?? 0) + 1;
  }
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(250);
  const ids = (draw: (below: number) => number) => Array.from({ length: 8 }, () => draw(2 ** 32));
  expect(ids(makeRandom())).not.toEqual(ids(makeRandom()));
});
