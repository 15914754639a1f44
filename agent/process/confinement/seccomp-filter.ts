// Assembles the filter of seccomp from the table of system calls. See seccomp(2), linux/seccomp.h and linux/audit.h.

import { type FilterInstruction, filterBytes, JUMP_IF_EQUAL, LOAD_WORD, RETURN } from "../../sockets/filter.ts";
import type { SystemCall } from "./system-calls.ts";

const AND = 0x54;
/** Offsets in struct seccomp_data. Arguments have 8 bytes, the lower 4 first. */
const NUMBER = 0;
const ARCHITECTURE = 4;
const ARGUMENTS = 16;

const ALLOW = 0x7fff_0000;
const FAIL = 0x0005_0000;
const EPERM = 1;

/** AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64. Calls of other architectures, such as 32-bit x86, fail. */
const AUDIT = { x64: 0xc000_003e, arm64: 0xc000_00b7 } as const;

export type Architecture = keyof typeof AUDIT;

export const isKnown = (architecture: string): architecture is Architecture => architecture in AUDIT;

const load = (offset: number): FilterInstruction => ({ code: LOAD_WORD, equal: 0, differs: 0, k: offset });
const fail = (errno: number): FilterInstruction => ({ code: RETURN, equal: 0, differs: 0, k: FAIL | errno });

/** Jumps over `equal` instructions if the loaded word is `k`, and over `differs` instructions otherwise. */
const jump = (k: number, equal: number, differs: number): FilterInstruction => ({
  ...{ code: JUMP_IF_EQUAL, equal, differs, k },
});

/** Returns the instructions of one call. `after` instructions follow before the one that allows. */
function rule(number: number, { only, errno = EPERM }: SystemCall, after: number): FilterInstruction[] {
  if (only === undefined) return [jump(number, after, 0)];
  const { argument, mask, values } = only;
  const body = [
    load(ARGUMENTS + 8 * argument),
    ...(mask === undefined ? [] : [{ code: AND, equal: 0, differs: 0, k: mask }]),
    ...values.map((value, i) => jump(value, after + values.length - i, 0)),
    fail(errno),
  ];
  return [jump(number, 0, body.length), ...body];
}

/** Returns the program: tests each call of the architecture in turn, and fails all others with EPERM. */
export function seccompFilter(calls: readonly SystemCall[], architecture: Architecture): Uint8Array {
  let program = [fail(EPERM), { ...fail(0), k: ALLOW }];
  for (const call of calls.toReversed()) {
    const number = call[architecture];
    if (number !== undefined) program = [...rule(number, call, program.length - 1), ...program];
  }
  return filterBytes([load(ARCHITECTURE), jump(AUDIT[architecture], 1, 0), fail(EPERM), load(NUMBER), ...program]);
}
