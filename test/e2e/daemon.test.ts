// Without -d the agent is a daemon: its launcher waits for it and has its exit code, and the pid file is its own.

import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "./command.ts";

let folder = "";
let pidFile = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hsflowd-daemon-"));
  chmodSync(folder, 0o755);
  pidFile = join(folder, "pid");
});

afterEach(() => {
  if (existsSync(pidFile) && pidIn(pidFile) > 0) process.kill(pidIn(pidFile), "SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const pidIn = (file: string): number => Number(readFileSync(file, "utf8"));

function launch(text: string, ...flags: string[]) {
  const file = join(folder, "hsflowd.conf");
  writeFileSync(file, text);
  const argv = [
    "dist/hsflowd.js",
    "-f",
    file,
    "-p",
    pidFile,
    "-o",
    join(folder, "auto"),
    `--state-file=${join(folder, "state")}`,
    ...flags,
  ];
  return spawnSync(process.execPath, argv, { encoding: "utf8", timeout: 20_000 });
}

const GOOD = "sflow { agentIP = 127.0.0.1 collector { ip = 127.0.0.1 udpport = 9 } }";

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);

test("the launcher returns when the agent runs, a second one is refused, SIGTERM leaves the pid file to nobody", async () => {
  expect(launch(GOOD).status).toBe(0);
  const pid = pidIn(pidFile);
  expect(isAlive(pid)).toBe(true);
  for (const flags of [[], ["-d"]]) {
    const second = launch(GOOD, ...flags);
    expect([second.status, second.stderr]).toEqual([1, `hsflowd: already running as process ${pid} (${pidFile})\n`]);
  }
  process.kill(pid, "SIGTERM");
  await until("its process gone", async () => !isAlive(pid));
  expect(readFileSync(pidFile, "utf8")).toBe("");
  expect(launch(GOOD).status).toBe(0);
  expect(isAlive(pidIn(pidFile))).toBe(true);
});

test("a wrong configuration is the launcher's exit code, with every error on its stderr", () => {
  const { status, stderr } = launch("sflow { pollin = 5 }");
  expect(status).toBe(1);
  expect(stderr).toContain('did you mean "polling"?');
  expect(existsSync(pidFile)).toBe(false);
});

test("a pid file that a dead process left is nobody's, though another program may have the number by now", () => {
  for (const pid of [4194303, 1]) {
    writeFileSync(pidFile, `${pid}\n`);
    expect(launch(GOOD).status).toBe(0);
    expect(pidIn(pidFile)).not.toBe(pid);
    process.kill(pidIn(pidFile), "SIGKILL");
  }
});

test("what a daemon makes may be written by nobody else, whatever the umask of who starts it", () => {
  const before = process.umask(0);
  expect(launch(GOOD).status).toBe(0);
  process.umask(before);
  expect(statSync(pidFile).mode & 0o777).toBe(0o644);
});
