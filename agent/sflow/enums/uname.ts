// Converts the names of uname(2) to the numbers of sFlow Host Structures, "machine_type" and "os_name". See host.ts for
// the numbers.

const UNKNOWN = 0;
const OTHER = 1;

/** Prefixes of the output of `uname -m`, longer prefixes first. */
const MACHINES: readonly (readonly [RegExp, number])[] = [
  [/^(x86_64|amd64)$/, 3],
  [/^(i[3-6]86|x86)$/, 2],
  [/^ia64/, 4],
  [/^sparc/, 5],
  [/^alpha/, 6],
  [/^(ppc|powerpc)/, 7],
  [/^m68k/, 8],
  [/^mips/, 9],
  [/^(arm|aarch64)/, 10],
  [/^parisc/, 11],
  [/^s390/, 12],
];

const SYSTEMS: Readonly<Record<string, number>> = {
  Linux: 2,
  Windows_NT: 3,
  Darwin: 4,
  "HP-UX": 5,
  AIX: 6,
  DragonFly: 7,
  FreeBSD: 8,
  NetBSD: 9,
  OpenBSD: 10,
  OSF1: 11,
  SunOS: 12,
};

/**
 * Returns the machine type for the output of `uname -m`. The type of a 64-bit ARM is arm, as in hsflowd. The type of a
 * machine without a number, such as riscv64, is other.
 */
export function machineTypeOf(machine: string): number {
  if (machine === "") return UNKNOWN;
  return MACHINES.find(([pattern]) => pattern.test(machine))?.[1] ?? OTHER;
}

/** Returns the number of an operating system for the output of `uname -s`. */
export const osNameOf = (system: string): number => (system === "" ? UNKNOWN : (SYSTEMS[system] ?? OTHER));
