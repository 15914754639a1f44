// Without -d the agent is a daemon: its launcher waits for it and returns its exit code, and the pid file is locked.

import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lchownSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { start } from "./child.ts";
import { until } from "./command.ts";
import { here } from "./namespaces.ts";

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

const configuration = () => join(folder, "hsflowd.conf");

/** The command line of a daemon with this configuration. */
function words(text: string): [string, ...string[]] {
  writeFileSync(configuration(), text);
  const files = ["-f", configuration(), "-p", pidFile, "-o", join(folder, "auto")];
  return [process.execPath, "dist/hsflowd.js", ...files, `--state-file=${join(folder, "state")}`];
}

const runToEnd = (command: string, ...rest: string[]) =>
  spawnSync(command, rest, { encoding: "utf8", timeout: 20_000 });

const launch = (text: string, ...flags: string[]) => runToEnd(...words(text), ...flags);

/** Resolves to the exit code of a launcher. */
const launchAside = (flags: readonly string[]): Promise<number | null> => {
  const [command, ...rest] = words(GOOD);
  return new Promise((resolve) => spawn(command, [...rest, ...flags], { stdio: "ignore" }).once("exit", resolve));
};

/** Acts as a syslog daemon on its socket, and prints every datagram as a line. */
const SYSLOG = [
  ...["python3", "-uc"],
  `import os, socket
if os.path.exists("/dev/log"): os.unlink("/dev/log")
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.bind("/dev/log")
os.chmod("/dev/log", 0o666)
print("listens")
while True: print(log.recv(65536).decode())`,
];

const GOOD = "sflow { agentIP = 127.0.0.1 collector { ip = 127.0.0.1 udpport = 9 } pcap { dev = lo } }";

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);

test("the launcher returns when the agent runs, a second agent is refused, and SIGTERM clears the pid file", async () => {
  expect(launch(GOOD).status).toBe(0);
  const pid = pidIn(pidFile);
  expect(isAlive(pid)).toBe(true);
  expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).toMatch(/\0--(disable-sigusr1|inspect-port=192\.0\.2\.1:0)\0/);
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

/** Agents with one of these files in common. */
const ONE_IN_COMMON: [name: string, own: (i: number) => string[]][] = [
  ["pid file", (i) => [`--state-file=${folder}/state${i}`, `--control-socket=${folder}/sock${i}`, ...subAgent(i)]],
  ["state file", (i) => ["-p", `${folder}/pid${i}`, `--control-socket=${folder}/sock${i}`, ...subAgent(i)]],
];
/** A configuration in which the agents do not have an identity in common. */
function subAgent(i: number): string[] {
  const file = join(folder, `conf${i}`);
  writeFileSync(file, GOOD.replace("{", `{ subAgentId = ${i + 1}`));
  return ["-f", file];
}

test.each(ONE_IN_COMMON)("of six agents started at once with one %s, one stays", async (_, own) => {
  const flags = Array.from({ length: 6 }, (_, i) => own(i));
  const codes = await Promise.all(flags.map((each) => launchAside(each)));
  expect(codes.toSorted()).toEqual([0, 1, 1, 1, 1, 1]);
  const files = ["pid", ...flags.map((_, i) => `pid${i}`)].map((name) => join(folder, name));
  const pids = files.filter((file) => existsSync(file) && pidIn(file) > 0).map(pidIn);
  expect(pids.filter(isAlive)).toHaveLength(1);
  process.kill(pids[0] ?? 0, "SIGKILL");
});

test("a second agent of the same identity is silent until the first ends, unless that is permitted", async () => {
  const status = (name: string): { suppressed: boolean } => {
    const socket = `--control-socket=${folder}/${name}`;
    return JSON.parse(runToEnd(process.execPath, "dist/hsflowd.js", "status", "--format=json", socket).stdout);
  };
  const second = (name: string) => ["-p", `${folder}/pid.${name}`, `--state-file=${folder}/${name}.state`];
  const start = (name: string, ...flags: string[]) =>
    launch(GOOD, `--control-socket=${folder}/${name}`, ...second(name), ...flags).status;
  expect([start("one"), start("two"), start("three", "--allow-second")]).toEqual([0, 0, 0]);
  expect(["one", "two", "three"].map((name) => status(name).suppressed)).toEqual([false, true, false]);
  process.kill(pidIn(`${folder}/pid.one`), "SIGKILL");
  await until("its turn", () => !status("two").suppressed);
  for (const name of ["two", "three"]) process.kill(pidIn(`${folder}/pid.${name}`), "SIGKILL");
});

test("a symbolic link of another user is not followed", () => {
  const precious = join(folder, "precious");
  writeFileSync(precious, "old");
  for (const [flags, name] of [
    [["-p"], "pid"],
    [["-c"], "crash"],
    [["-d", "-D"], "log"],
  ] as const) {
    const link = join(folder, `${name}.link`);
    symlinkSync(precious, link);
    lchownSync(link, 65_534, 65_534);
    const { status, stderr } = launch(GOOD, ...flags, link);
    expect([status, stderr]).toEqual([1, expect.stringContaining(`${link} is a symbolic link of another user`)]);
  }
  expect(readFileSync(precious, "utf8")).toBe("old");
});

test("the launcher exits with 1 for an invalid configuration, with every error on stderr", () => {
  const { status, stderr } = launch("sflow { pollin = 5 }");
  expect(status).toBe(1);
  expect(stderr).toContain('did you mean "polling"?');
  expect(existsSync(pidFile)).toBe(false);
});

test("a pid file of a dead process is taken over, even where another program has its number", async () => {
  const other = start(here, ["sleep", "60"]);
  for (const pid of [4194303, other.pid]) {
    writeFileSync(pidFile, `${pid}\n`);
    expect(launch(GOOD).status).toBe(0);
    expect(pidIn(pidFile)).not.toBe(pid);
    process.kill(pidIn(pidFile), "SIGKILL");
  }
  expect(await other.stop()).toEqual({ code: null, signal: "SIGTERM" });
});

test("the launcher reports what keeps the agent from running", () => {
  const { status, stderr } = launch(GOOD, "-p", "/nowhere/pid");
  expect([status, stderr]).toEqual([
    1,
    expect.stringContaining("hsflowd: ENOENT: no such file or directory, open '/nowhere/pid'"),
  ]);
});

test("syslog gets each line with its priority, without root privileges and after syslog was restarted", async () => {
  const nodes = "null zero random urandom";
  const script = `mkdir ${folder}/dev; (cd /dev; cp -a ${nodes} ${folder}/dev); mount --bind ${folder}/dev /dev; exec "$@"`;
  const after = (...before: string[]) => ({ command: (...all: string[]) => [...before, ...all] as [string] });
  const inside = (pid: number) =>
    ["nsenter", "--mount", "--root", `--target=${pid}`, "env", `--chdir=${process.cwd()}`] as const;
  const syslog = start(after("unshare", "--mount", "sh", "-ec", script, "sh"), SYSLOG);
  await syslog.says(/^listens$/m);
  expect(runToEnd(...inside(syslog.pid), ...words(GOOD))).toMatchObject({ status: 0, stderr: "" });
  const pid = pidIn(pidFile);
  const line = (priority: number, text: string) =>
    new RegExp(`^<${priority}>[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d hsflowd\\[${pid}\\]: ${text}`, "m");
  await syslog.says(line(14, "runs as nobody"));
  writeFileSync(configuration(), "sflow { pollin = 5 }");
  process.kill(pid, "SIGHUP");
  await syslog.says(line(11, ".*did you mean"));
  await syslog.stop();
  process.kill(pid, "SIGUSR1");
  const next = start(after(...inside(pid)), SYSLOG);
  await next.says(/^listens$/m);
  process.kill(pid, "SIGUSR1");
  await next.says(line(14, "agent: flowSamples=0 "));
  await next.stop();
});

test("files of the daemon are writable by no other user, whatever the umask at its start", () => {
  const before = process.umask(0);
  expect(launch(GOOD).status).toBe(0);
  process.umask(before);
  expect(statSync(pidFile).mode & 0o777).toBe(0o644);
});
