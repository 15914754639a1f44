// The system calls that the service unit permits. See systemd.exec(5), SystemCallFilter=.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { systemCalls } from "../../agent/process/confinement/system-calls.ts";

const permitted = readFileSync("packaging/deb/hsflowd.service", "utf8")
  .split("\n")
  .flatMap((line) => /^SystemCallFilter=(.*)$/.exec(line)?.[1]?.split(" ") ?? []);

it("has every call of a running agent, except for rings, which Node.js does without", () => {
  const needed = systemCalls({ pid: 1, rings: [], bpf: true }).map(({ name }) => name);
  expect(needed.filter((name) => !permitted.includes(name))).toEqual(["io_uring_enter"]);
  expect(new Set(permitted).size).toBe(permitted.length);
});

it("has no group of calls, and none that reaches another process or changes the machine", () => {
  expect(permitted.filter((name) => !/^\w+$/.test(name))).toEqual([]);
  const forbidden = ["process_vm_readv", "process_vm_writev", "ptrace", "kill", "mount", "unshare", "keyctl"];
  expect([...forbidden, "io_uring_setup", "init_module", "reboot"].filter((name) => permitted.includes(name))).toEqual(
    [],
  );
});

it("has bpf(2), of which the kernel allows nothing without CAP_BPF, which the unit does not give", () => {
  expect(permitted).toContain("bpf");
  expect(readFileSync("packaging/deb/hsflowd.service", "utf8")).not.toMatch(/^\w+=.*CAP_BPF/m);
});
