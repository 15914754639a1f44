// The system calls that the service unit permits. See systemd.exec(5), SystemCallFilter=.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { systemCalls } from "../../agent/process/confinement/system-calls.ts";

const unit = (name: string): string => readFileSync(`packaging/deb/${name}`, "utf8");

const permitted = unit("hsflowd.service")
  .split("\n")
  .flatMap((line) => /^SystemCallFilter=(.*)$/.exec(line)?.[1]?.split(" ") ?? []);

it("has every call of a running agent, except for rings, which Node.js does without", () => {
  const all = systemCalls({ pid: 1, rings: [], bpf: false, enters: false });
  // A call that no argument permits is in the list for its error only.
  const needed = all
    .filter(({ only, errno }) => only?.values.length !== 0 || errno !== undefined)
    .map(({ name }) => name);
  expect(needed.filter((name) => !permitted.includes(name))).toEqual([]);
  expect(new Set(permitted).size).toBe(permitted.length);
});

it("has no group of calls, and none that reaches another process or changes the machine", () => {
  expect(permitted.filter((name) => !/^\w+$/.test(name))).toEqual([]);
  const forbidden = ["process_vm_readv", "process_vm_writev", "ptrace", "kill", "mount", "unshare", "keyctl"];
  expect([...forbidden, "io_uring_setup", "init_module", "reboot"].filter((name) => permitted.includes(name))).toEqual(
    [],
  );
});

it("has neither bpf(2) nor setns(2), which the kernel would refuse without the capabilities", () => {
  expect(permitted.filter((name) => ["bpf", "setns"].includes(name))).toEqual([]);
  expect(unit("hsflowd.service")).not.toMatch(/^\w+=.*CAP_(BPF|SYS)/m);
});

it("starts its helper, whose socket only the user of the agent may open", () => {
  const service = unit("hsflowd.service");
  expect(service).toMatch(/^Wants=hsflowd-namespaces.socket hsflowd-namespaces.service$/m);
  const [, user] = /^User=(.*)$/m.exec(service) ?? [];
  const socket = unit("hsflowd-namespaces.socket");
  expect(socket).toContain(`SocketUser=${user}\nSocketMode=0600\n`);
  expect(socket).toContain("ListenSequentialPacket=/run/hsflowd-namespaces.socket\n");
  expect(readFileSync("agent/host/linux-namespaces.ts", "utf8")).toContain('"/run/hsflowd-namespaces.socket"');
});

it("has no limit on traffic in the helper, which would apply to the sockets of collectors in other namespaces", () => {
  expect(unit("hsflowd-namespaces.service")).not.toMatch(/^(IPAddress|IPIngress|IPEgress|SocketBind|RestrictNetwork)/m);
});
