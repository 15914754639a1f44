// Reads how many processors the machine can have. See the kernel's Documentation/admin-guide/cputopology.rst.

import type { Files } from "../../host/host.ts";

/** More than a kernel of a distribution supports. */
const UNKNOWN = 8192;

/** Returns a power of two that is larger than the number of any processor, also of those that are not present. */
export function processorsOf(files: Pick<Files, "read">): number {
  const last = /(\d+)\s*$/.exec(files.read("/sys/devices/system/cpu/possible") ?? "")?.[1];
  let power = 1;
  while (power < (last === undefined ? UNKNOWN : Number(last) + 1)) power *= 2;
  return power;
}
