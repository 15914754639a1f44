// Assembles programs of eBPF, whose jumps name their target. See linux/bpf.h, struct bpf_insn, and the kernel's
// Documentation/bpf/standardization/instruction-set.rst.

import { LITTLE_ENDIAN } from "../../sockets/socket-address.ts";

/** One instruction of 8 bytes, or the 16 bytes of `loadAddress`. Numbers that are missing are 0. */
export interface Instruction {
  readonly code: number;
  readonly to?: number;
  readonly from?: number;
  readonly offset?: number;
  readonly value?: number;
  /** Makes two instructions, of which the second has this value. */
  readonly second?: number;
  /** Name of this place, as a target of jumps. */
  readonly label?: string;
  readonly target?: string;
}

const BYTES = 8;

/** Size of the memory that an instruction reads or writes: BPF_W, BPF_H, BPF_B, BPF_DW. */
export const Size = { word: 0x00, half: 0x08, byte: 0x10, double: 0x18 } as const;

/** Registers: results are in r0, arguments in r1 to r5, and calls keep r6 to r9. r10 is the end of the stack. */
export const [r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;

export const load = (size: number, to: number, from: number, offset: number): Instruction => ({
  ...{ code: 0x61 | size, to, from, offset },
});
export const store = (size: number, to: number, offset: number, from: number): Instruction => ({
  ...{ code: 0x63 | size, to, from, offset },
});
export const storeValue = (size: number, to: number, offset: number, value: number): Instruction => ({
  ...{ code: 0x62 | size, to, offset, value },
});
/** Adds r`from` to 64 bits of memory, atomically. */
export const addToMemory = (to: number, offset: number, from: number): Instruction => ({
  ...{ code: 0xc3 | Size.double, to, from, offset },
});

/** Operations of 64 bits on registers, and with a constant. A word operation clears the upper half of its result. */
export const Operation = { add: 0x00, subtract: 0x10, multiply: 0x20, and: 0x50, shiftLeft: 0x60, shiftRight: 0x70 };
export const compute = (operation: number, to: number, from: number): Instruction => ({
  ...{ code: 0x0f | operation, to, from },
});
export const computeValue = (operation: number, to: number, value: number): Instruction => ({
  ...{ code: 0x07 | operation, to, value },
});
export const copy = (to: number, from: number): Instruction => ({ code: 0xbf, to, from });
export const set = (to: number, value: number): Instruction => ({ code: 0xb7, to, value });
/** Converts the lower half word between the byte orders of host and network. */
export const networkHalf = (to: number): Instruction => ({ code: 0xdc, to, value: 16 });

/** Comparisons, without sign. */
export const If = {
  equal: 0x10,
  above: 0x20,
  atLeast: 0x30,
  anyBit: 0x40,
  notEqual: 0x50,
  below: 0xa0,
  atMost: 0xb0,
} as const;
export const jump = (target: string): Instruction => ({ code: 0x05, target });
export const jumpIf = (condition: number, a: number, b: number, target: string): Instruction => ({
  ...{ code: 0x0d | condition, to: a, from: b, target },
});
export const jumpIfValue = (condition: number, a: number, value: number, target: string): Instruction => ({
  ...{ code: 0x05 | condition, to: a, value, target },
});

export const call = (helper: number): Instruction => ({ code: 0x85, value: helper });
export const exit: Instruction = { code: 0x95 };

/** Loads the map of descriptor `fd`: BPF_PSEUDO_MAP_FD. */
export const loadMap = (to: number, fd: number): Instruction => ({ code: 0x18, to, from: 1, value: fd, second: 0 });
/** Loads the address of byte `at` in the first value of a map: BPF_PSEUDO_MAP_VALUE. */
export const loadMapValue = (to: number, fd: number, at: number): Instruction => ({
  ...{ code: 0x18, to, from: 2, value: fd, second: at },
});

/** Names the first of the instructions. */
export const labelled = (label: string, [first, ...rest]: readonly Instruction[]): Instruction[] =>
  first === undefined ? [] : [{ ...first, label }, ...rest];

const lengthOf = ({ second }: Instruction): number => (second === undefined ? 1 : 2);

/** Returns the program as the kernel takes it. */
export function assemble(program: readonly Instruction[]): Uint8Array {
  const places = new Map<string, number>();
  let length = 0;
  for (const instruction of program) {
    if (instruction.label !== undefined) places.set(instruction.label, length);
    length += lengthOf(instruction);
  }
  const view = new DataView(new ArrayBuffer(length * BYTES));
  let at = 0;
  for (const instruction of program) {
    put(view, at, instruction, places);
    at += lengthOf(instruction);
  }
  return new Uint8Array(view.buffer);
}

function put(view: DataView, at: number, instruction: Instruction, places: ReadonlyMap<string, number>): void {
  const { code, to = 0, from = 0, value = 0, second, target } = instruction;
  const place = target === undefined ? undefined : places.get(target);
  if (target !== undefined && place === undefined) throw new Error(`no instruction ${target}`);
  const offset = place === undefined ? (instruction.offset ?? 0) : place - at - 1;
  view.setUint8(at * BYTES, code);
  view.setUint8(at * BYTES + 1, LITTLE_ENDIAN ? (from << 4) | to : (to << 4) | from);
  view.setInt16(at * BYTES + 2, offset, LITTLE_ENDIAN);
  view.setInt32(at * BYTES + 4, value, LITTLE_ENDIAN);
  if (second !== undefined) view.setInt32((at + 1) * BYTES + 4, second, LITTLE_ENDIAN);
}
