// Memory that is shared through a descriptor: mapped, changed, unmapped.

import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadShim } from "../../native-shim/load.ts";

const folder = mkdtempSync(join(tmpdir(), "hsflowd-map-"));
const file = join(folder, "memory");
afterAll(() => rmSync(folder, { recursive: true }));

const { map, unmap } = loadShim();

test("both sides see what the other writes, until it is unmapped", () => {
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

test("refuses to unmap other memory, and to map a descriptor that cannot be shared", () => {
  const own = new ArrayBuffer(4096);
  expect(() => unmap(own)).toThrow(/EINVAL.*munmap/);
  expect(own.byteLength).toBe(4096);
  expect(() => map(9999, 4096)).toThrow(/EBADF.*mmap/);
});

test("maps from an offset that is a multiple of the page size, and for reading only", () => {
  const page = 65_536;
  writeFileSync(file, new Uint8Array(2 * page).fill(1, page));
  const fd = openSync(file, "r");
  const memory = map(fd, page, page, false);
  expect(new Uint8Array(memory).every((octet) => octet === 1)).toBe(true);
  unmap(memory);
  expect(() => map(fd, page, 1, false)).toThrow(/EINVAL.*mmap/);
  expect(() => map(fd, page)).toThrow(/EACCES.*mmap/);
  closeSync(fd);
});
