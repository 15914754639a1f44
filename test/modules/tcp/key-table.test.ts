// Compares the table of keys with a Map of strings.

import { expect, it } from "vitest";
import { KeyTable } from "../../../agent/modules/tcp/key-table.ts";
import { seededRandom } from "../../seeded-random.ts";

function put(table: KeyTable, words: readonly number[]): void {
  table.keys.set(words, table.next);
}

it("numbers keys in order of arrival, despite collisions and growth", () => {
  const { below } = seededRandom(22);
  const table = new KeyTable(3, 4);
  for (let round = 0; round < 3; round++) {
    const numbers = new Map<string, number>();
    for (let i = 0; i < 1000; i++) {
      const words = [below(20), below(3) === 0 ? 0xffff_ffff : 0, below(15)];
      const known = numbers.get(words.join());
      put(table, words);
      expect(table.find()).toBe(known ?? -1);
      expect(table.place()).toBe(known ?? numbers.size);
      numbers.set(words.join(), known ?? numbers.size);
      expect(table.count).toBe(numbers.size);
    }
    for (const [key, number] of numbers) expect(table.keys.subarray(number * 3, number * 3 + 3).join()).toBe(key);
    table.clear();
    expect(table.count).toBe(0);
  }
});
