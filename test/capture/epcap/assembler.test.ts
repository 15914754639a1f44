// Instructions as the kernel takes them. The expected bytes are those of llvm-mc for the same instructions.

import { expect, test } from "vitest";
import * as bpf from "../../../agent/capture/epcap/assembler.ts";

const { If, Operation, Size } = bpf;
const hex = (...program: bpf.Instruction[]): string => Buffer.from(bpf.assemble(program)).toString("hex");

test("encodes loads, stores and operations", () => {
  expect(hex(bpf.load(Size.word, 1, 6, 36))).toBe("6161240000000000");
  expect(hex(bpf.load(Size.double, 2, 10, -8))).toBe("79a2f8ff00000000");
  expect(hex(bpf.store(Size.half, 9, 4, 3))).toBe("6b39040000000000");
  expect(hex(bpf.storeValue(Size.byte, 9, 1, -1))).toBe("72090100ffffffff");
  expect(hex(bpf.addToMemory(8, 64, 1))).toBe("db18400000000000");
  expect(hex(bpf.compute(Operation.multiply, 5, 1))).toBe("2f15000000000000");
  expect(hex(bpf.computeValue(Operation.shiftRight, 5, 20))).toBe("7705000014000000");
  expect(hex(bpf.networkHalf(2))).toBe("dc02000010000000");
  expect(hex(bpf.call(7), bpf.exit)).toBe("85000000070000009500000000000000");
});

test("encodes a map and an address in it as two instructions", () => {
  expect(hex(bpf.loadMap(1, 5))).toBe("18110000050000000000000000000000");
  expect(hex(bpf.loadMapValue(7, 5, 128))).toBe("18270000050000000000000080000000");
});

test("finds the target of jumps, forward and back, past instructions of double length", () => {
  const program = [
    ...bpf.labelled("first", [bpf.jumpIf(If.below, 2, 1, "last")]),
    bpf.loadMap(1, 5),
    bpf.jumpIfValue(If.equal, 0, 7, "first"),
    ...bpf.labelled("last", [bpf.jump("last")]),
  ];
  expect(hex(...program)).toBe(
    "ad12030000000000" + "18110000050000000000000000000000" + "1500fcff07000000" + "0500ffff00000000",
  );
  expect(() => bpf.assemble([bpf.jump("nowhere")])).toThrow("no instruction nowhere");
});
