// Memory shared through a descriptor: seen, changed, and gone.

import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadShim } from "../../native-shim/load.ts";

const folder = mkdtempSync(join(tmpdir(), "hsflowd-map-"));
const file = join(folder, "memory");
afterAll(() => rmSync(folder, { recursive: true }));

const { map, unmap } = loadShim();

test("what is written on one side is seen on the other, until it is unmapped", () => {
  writeFileSync(file, new Uint8Array(4096).fill(7));
  const fd = openSync(file, "r+");
  const memory = map(fd, 4096);
  closeSync(fd);
  const bytes = new Uint8Array(memory);
  expect([bytes.length, bytes[0], bytes[4095]]).toEqual([4096, 7, 7]);
  bytes[1] = 9;
  expect(readFileSync(file)[1]).toBe(9);
  unmap(memory);
  expect([memory.byteLength, bytes.length, bytes[0]]).toEqual([0, 0, undefined]);
  expect(() => unmap(memory)).toThrow(/EINVAL.*munmap/);
});

test("memory that was not mapped is not unmapped, and a descriptor that cannot be shared is refused", () => {
  const own = new ArrayBuffer(4096);
  expect(() => unmap(own)).toThrow(/EINVAL.*munmap/);
  expect(own.byteLength).toBe(4096);
  expect(() => map(9999, 4096)).toThrow(/EBADF.*mmap/);
});
