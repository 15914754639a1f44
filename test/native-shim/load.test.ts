// Finding and loading the addon, and the errors if it is missing or made for another machine.

import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadShim } from "../../native-shim/load.ts";

const ADDON = new URL("../../native-shim/build/shim.node", import.meta.url);
/** Offset of e_machine in an ELF header, and a machine that Node does not run on. */
const E_MACHINE = 18;
const EM_VAX = 75;

let folder: string;
let bundle: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hsflowd-load-"));
  bundle = pathToFileURL(join(folder, "hsflowd.js")).href;
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("loads when run from source, and states its layout", () => {
  const { layout } = loadShim();
  expect(layout.slotWords).toBe(3);
  expect(new Set([layout.length, layout.offset, layout.flags]).size).toBe(3);
});

test("loads from beside the bundle", () => {
  copyFileSync(ADDON, join(folder, "shim.node"));
  expect(loadShim(bundle).layout).toEqual(loadShim().layout);
});

test("throws with path and remedy if the addon is missing", () => {
  expect(() => loadShim(bundle)).toThrow(/shim\.node is missing beside .*hsflowd\.js; .*npm run build/);
});

test("throws with reason and remedy if the addon is for another machine", () => {
  const bytes = readFileSync(ADDON);
  bytes.writeUInt16LE(EM_VAX, E_MACHINE);
  writeFileSync(join(folder, "shim.node"), bytes);
  expect(() => loadShim(bundle)).toThrow(
    new RegExp(`does not load on ${process.arch}: .*shim.node.*npm run build`, "s"),
  );
});

test("does not look elsewhere if the addon is truncated", () => {
  writeFileSync(join(folder, "shim.node"), "");
  expect(() => loadShim(bundle)).toThrow(/does not load/);
});
