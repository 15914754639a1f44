// host_descr.

import { expect, it } from "vitest";
import { readHostDescr } from "../../agent/counters/host-descr.ts";
import { machineType } from "../../agent/sflow/enums/host.ts";
import { machineTypeOf } from "../../agent/sflow/enums/uname.ts";
import { makeFakeHost } from "../fakes/host.ts";

it("has the values of uname", () => {
  const uuid = Uint8Array.from({ length: 16 }, (_, i) => i);
  const host = makeFakeHost({ uname: { name: "db7.example", machine: "aarch64", release: "6.6.1+deb13" } });
  expect(readHostDescr(host, uuid).value).toEqual({
    hostname: "db7.example",
    uuid,
    machine_type: 10,
    os_name: 2,
    os_release: "6.6.1+deb13",
  });
});

it.each([
  ["i686", "x86"],
  ["x86_64", "x86_64"],
  ["ia64", "ia64"],
  ["sparc64", "sparc"],
  ["alpha", "alpha"],
  ["ppc64le", "powerpc"],
  ["m68k", "m68k"],
  ["mips64", "mips"],
  ["armv7l", "arm"],
  ["aarch64", "arm"],
  ["parisc64", "hppa"],
  ["s390x", "s390"],
  ["riscv64", "other"],
  ["loongarch64", "other"],
])("takes %s for %s", (machine, name) => {
  expect(machineType[machineTypeOf(machine)]).toBe(name);
});
