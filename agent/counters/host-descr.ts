// Name, identity and operating system of this host. uname(2); sFlow Host Structures, "host_descr".

import type { Host } from "../host/host.ts";
import { type CounterRecord, counterRecord } from "../sflow/record.ts";
import { hostDescr } from "../sflow/records/counter/host-descr.ts";

const OTHER = 1;
const LINUX = 2;

/** By the beginning of what uname(2) calls the machine; the first that fits. */
const MACHINES: readonly (readonly [RegExp, number])[] = [
  [/^(x86_64|amd64)$/, 3],
  [/^(i.86|x86)$/, 2],
  [/^ia64$/, 4],
  [/^sparc/, 5],
  [/^alpha/, 6],
  [/^(ppc|powerpc)/, 7],
  [/^m68k/, 8],
  [/^mips/, 9],
  [/^(arm|aarch64)/, 10],
  [/^parisc/, 11],
  [/^s390/, 12],
];

export const machineTypeOf = (machine: string): number =>
  MACHINES.find(([pattern]) => pattern.test(machine))?.[1] ?? OTHER;

/** `uuid` is 16 bytes. */
export function readHostDescr(host: Host, uuid: Uint8Array): CounterRecord {
  const { name, release, machine, system } = host.uname();
  return counterRecord(hostDescr, {
    hostname: name,
    uuid,
    machine_type: machineTypeOf(machine),
    os_name: system === "Linux" ? LINUX : OTHER,
    os_release: release,
  });
}
