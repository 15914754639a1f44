// Arguments of bpf(2) that are refused before the call, and errors of the call.

import { expect, test } from "vitest";
import { loadShim } from "../../native-shim/load.ts";

const { bpf } = loadShim();
const [MAP_CREATE, MAP_UPDATE_ELEM, PROG_LOAD] = [0, 2, 5];

test("refuses commands whose attributes have addresses that it does not know", () => {
  for (const command of [MAP_UPDATE_ELEM, -1, 99])
    expect(() => bpf(command, new Uint8Array(64))).toThrow(/the command makes no map, program or link/);
});

test("refuses attributes without room for the addresses of a program", () => {
  for (const length of [0, 39])
    expect(() => bpf(PROG_LOAD, new Uint8Array(length), new Uint8Array(8))).toThrow(/at least 40 bytes/);
});

test("refuses arguments of another type", () => {
  expect(() => bpf(MAP_CREATE, new Uint32Array(4) as unknown as Uint8Array)).toThrow(/argument 2/);
  expect(() => bpf(PROG_LOAD, new Uint8Array(40), "program" as unknown as Uint8Array)).toThrow(/argument 3/);
});

test("throws the error of the kernel", () => {
  expect(() => bpf(MAP_CREATE, new Uint8Array(20).fill(255))).toThrow(/(EINVAL|EPERM|ENOSYS).*bpf/);
  expect(() => bpf(PROG_LOAD, new Uint8Array(40), new Uint8Array(8))).toThrow(/(EINVAL|EPERM|EACCES|ENOSYS).*bpf/);
});
