// The pid file on a real file system: whose it is, and what is never followed or overwritten.

import { execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  lchownSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runningPid, takePidFile } from "../../agent/process/pid-file.ts";

let folder = "";
let path = "";
const ends: (() => void)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hsflowd-pid-"));
  path = join(folder, "pid");
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a process with the name of an agent, and returns its id once /proc has that name. */
async function agent(): Promise<number> {
  const script = join(folder, "hsflowd");
  writeFileSync(script, "setInterval(() => undefined, 1000); console.log('runs')");
  const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "ignore"] });
  ends.push(() => child.kill("SIGKILL"));
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return child.pid ?? 0;
}

it("has the id of this process at once, and is removed at the end", async () => {
  const file = await takePidFile(path, false);
  expect(readFileSync(path, "utf8")).toBe(`${process.pid}\n`);
  file.remove();
  expect(existsSync(path)).toBe(false);
});

it("of a running agent is refused and left alone, except to a second agent on request", async () => {
  const pid = await agent();
  writeFileSync(path, `${pid}\n`);
  expect(runningPid(path)).toBe(pid);
  await expect(takePidFile(path, false)).rejects.toThrow(`already running as process ${pid} (${path})`);
  expect(readFileSync(path, "utf8")).toBe(`${pid}\n`);
  await takePidFile(path, true);
  expect(readFileSync(path, "utf8")).toBe(`${process.pid}\n`);
});

it.each(["", "none\n", "-1\n", "4194304999\n", `${process.ppid}\n`])("with %j belongs to no agent", async (text) => {
  writeFileSync(path, text);
  expect(runningPid(path)).toBeUndefined();
  await takePidFile(path, false);
  expect(readFileSync(path, "utf8")).toBe(`${process.pid}\n`);
});

it("is not removed if another process has replaced it", async () => {
  const file = await takePidFile(path, false);
  writeFileSync(`${path}.new`, "12\n");
  renameSync(`${path}.new`, path);
  file.remove();
  expect(readFileSync(path, "utf8")).toBe("12\n");
});

it("is not opened through a link of another user, but through one of this user", async () => {
  const target = join(folder, "precious");
  writeFileSync(target, "old\n");
  symlinkSync(target, path);
  lchownSync(path, 65_534, 65_534);
  await expect(takePidFile(path, false)).rejects.toThrow(`${path} is a symbolic link of another user`);
  expect(readFileSync(target, "utf8")).toBe("old\n");
  rmSync(path);
  symlinkSync("precious", path);
  await takePidFile(path, false);
  expect(readFileSync(target, "utf8")).toBe(`${process.pid}\n`);
});

it("may be a pipe or a device, which nothing waits for", async () => {
  execFileSync("mkfifo", [path]);
  expect(runningPid(path)).toBeUndefined();
  (await takePidFile(path, false)).remove();
  expect(existsSync(path)).toBe(true);
  (await takePidFile("/dev/null", false)).remove();
  expect(existsSync("/dev/null")).toBe(true);
});
