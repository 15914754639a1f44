// The numbers of machine and system names in sFlow Host Structures.

import { expect, test } from "vitest";
import { machineType, osName } from "../../../agent/sflow/enums/host.ts";
import { machineTypeOf, osNameOf } from "../../../agent/sflow/enums/uname.ts";

test.each([
  ["x86_64", "x86_64"],
  ["i686", "x86"],
  ["aarch64", "arm"],
  ["armv7l", "arm"],
  ["ppc64le", "powerpc"],
  ["s390x", "s390"],
  ["mips64", "mips"],
  ["riscv64", "other"],
  ["", "unknown"],
])("machine %s has the number of %s", (machine, name) => {
  expect(machineType[machineTypeOf(machine)]).toBe(name);
});

test.each([
  ["Linux", "linux"],
  ["FreeBSD", "freebsd"],
  ["Plan9", "other"],
  ["", "unknown"],
])("system %s has the number of %s", (system, name) => {
  expect(osName[osNameOf(system)]).toBe(name);
});
