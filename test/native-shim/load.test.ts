// The addon: found, loaded, and its absence explained.

import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadShim } from "../../native-shim/load.ts";

test("loads and states its layout", () => {
  const { layout } = loadShim();
  expect(layout.slotWords).toBe(16);
  expect(new Set([layout.length, layout.wireLength, layout.offset, layout.flags]).size).toBe(4);
});

test("an addon that is missing names the remedy", () => {
  expect(() => loadShim(import.meta.url, ["./nothing.node"])).toThrow(/shim.node is missing.*npm run build/);
});

test("an addon that does not load names the reason and the remedy", () => {
  const noAddon = fileURLToPath(new URL("../../native-shim/src/shim.h", import.meta.url));
  expect(() => loadShim(import.meta.url, [noAddon])).toThrow(/shim.h|does not load/);
});
