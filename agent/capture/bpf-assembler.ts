// Assembles classic BPF programs whose jumps name their target. See linux/filter.h and linux/bpf_common.h.

import { filterBytes, JUMP, JUMP_IF_EQUAL } from "../sockets/filter.ts";

export interface Instruction {
  readonly code: number;
  readonly k: number;
  /** Number of instructions to skip if a test is true, and if it is false. Default: 0. */
  readonly equal?: number;
  readonly differs?: number;
  /** Name of this place, as the target of jumps from before. Programs can only jump forward. */
  readonly label?: string;
  /** Target of a JUMP. Its distance has 32 bits, that of a test only 8. */
  readonly to?: string;
}

export const jump = (to: string): Instruction => ({ code: JUMP, k: 0, to });

/** Jumps if the loaded value is `k`. */
export const jumpIf = (k: number, to: string): Instruction[] => [{ code: JUMP_IF_EQUAL, k, differs: 1 }, jump(to)];

/** Jumps unless the loaded value is `k`. */
export const jumpUnless = (k: number, to: string): Instruction[] => [{ code: JUMP_IF_EQUAL, k, equal: 1 }, jump(to)];

export function assemble(program: readonly Instruction[]): Uint8Array {
  const places = new Map(program.flatMap(({ label }, i) => (label === undefined ? [] : [[label, i] as const])));
  return filterBytes(
    program.map(({ code, k, equal = 0, differs = 0, to }, i) => {
      if (to === undefined) return { code, k, equal, differs };
      const place = places.get(to);
      if (place === undefined || place <= i) throw new Error(`no instruction ${to} after ${i}`);
      return { code, k: place - i - 1, equal, differs };
    }),
  );
}
