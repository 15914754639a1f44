// The name of an identity, claimed in the network namespace of this machine.

import { spawn } from "node:child_process";
import { expect, it } from "vitest";
import { claimIdentity } from "../../agent/process/identity-claim.ts";
import { abstractNameOwner } from "../../agent/sockets/abstract-name.ts";
import { loadShim } from "../../native-shim/load.ts";
import { memoryFiles } from "../fakes/files.ts";
import { makeLog } from "../fakes/log.ts";

const sockets = loadShim();
const files = memoryFiles({ "/etc/passwd": "root:x:0:0::/:/bin/sh\nhsflowd:x:4001:4001::/:/bin/sh\n" });
const host = { sockets, files };
const nameOf = (test: string) => `test ${process.pid} ${test}`;

/** Another process, of user `uid`, that holds the name. */
async function holder(name: string, uid: number): Promise<() => Promise<unknown>> {
  const program = `import os, socket, sys, time
os.setgid(${uid}); os.setuid(${uid})
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("\\0hsflowd-ts/" + sys.argv[1] + "\\0")
print("holds", flush=True)
time.sleep(60)`;
  const child = spawn("python3", ["-c", program, name], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return () => {
    child.kill("SIGKILL");
    return ended;
  };
}

it("is free again when it was released", () => {
  const log = makeLog();
  const first = claimIdentity(host, nameOf("a"), log);
  expect(first.taken).toBe(false);
  expect(abstractNameOwner(sockets, `hsflowd-ts/${nameOf("a")}`)).toBe(process.geteuid?.());
  expect(claimIdentity(host, nameOf("a"), log).taken).toBe(true);
  first.release();
  const again = claimIdentity(host, nameOf("a"), log);
  expect(again.taken).toBe(false);
  again.release();
  expect(log.lines).toEqual([]);
});

it.each([0, 4001])("of a process of user %i is taken until that process is killed", async (uid) => {
  const end = await holder(nameOf("b"), uid);
  expect(claimIdentity(host, nameOf("b"), makeLog()).taken).toBe(true);
  await end();
  const claim = claimIdentity(host, nameOf("b"), makeLog());
  expect(claim.taken).toBe(false);
  claim.release();
});

it("cannot be taken away by a stranger", async () => {
  const end = await holder(nameOf("c"), 4002);
  const log = makeLog();
  expect(claimIdentity(host, nameOf("c"), log).taken).toBe(false);
  expect(log.lines).toEqual([expect.stringContaining("is taken by user 4002: a second agent would not be noticed")]);
  await end();
});
