// The flags and signals of hsflowd(8) on the built agent: the effect of each, on a process that has given up root.

import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { expect } from "vitest";
import type { Folder } from "./agent.ts";
import { start } from "./child.ts";
import { sleep, tryRun, until } from "./command.ts";
import { expectEnd } from "./expect-end.ts";
import { test } from "./fixture.ts";

// The user that the agent becomes may make a new log file here after a rotation.
test.beforeAll(({ folder }) => chmodSync(folder.path, 0o777));

const GOOD = "sflow { agentIP = 127.0.0.1 polling = 1 collector { ip = 127.0.0.1 udpport = 9 } pcap { dev = lo } }";

/** Returns the command line of an agent with files of its own. */
function words(folder: Folder, name: string): [string, ...string[]] {
  const configuration = folder.file(`${name}.conf`);
  writeFileSync(configuration, GOOD);
  const files = ["-f", configuration, "-o", folder.file(`${name}.auto`), "-p", folder.file(`${name}.pid`)];
  const own = [`--state-file=${folder.file(`${name}.state`)}`, `--control-socket=${folder.file(`${name}.sock`)}`];
  return [process.execPath, "dist/hsflowd.js", "-d", ...files, ...own];
}

test("the log file keeps its limit, and is continued after truncation and rotation; signals and -F set the levels", async ({
  folder,
  lab,
  startAgent,
}) => {
  const [file, levels] = [folder.file("log"), folder.file("levels")];
  writeFileSync(file, "from before\n");
  writeFileSync(levels, "");
  const flags = ["-D", file, "-L", "4000", "-F", levels, "-M", "4G", "-c", folder.file("crash")];
  const agent = startAgent(lab.namespace(), GOOD, ...flags);
  const log = () => readFileSync(file, "utf8");
  const says = (pattern: RegExp) => until(String(pattern), () => pattern.test(log()), { evidence: log });
  await says(/^from before\n[\s\S]*runs as nobody[\s\S]*lo: sampled 1-in-/);
  expect([agent.stdout(), agent.stderr()]).toEqual(["", ""]);

  agent.kill("SIGUSR1");
  await says(/^agent: flowSamples=\d+ .*datagrams=\d+ bytes=\d+$/m);
  await says(/^pcap: taps=1 /m);

  agent.kill("SIGUSR2");
  await says(/^debug level 1$/m);
  expect(log()).not.toContain("debug: ");
  writeFileSync(agent.configuration, GOOD.replace("dev = lo", "dev = none"));
  agent.kill("SIGHUP");
  await says(/^debug: pcap: lo: /m);

  writeFileSync(levels, "mod_pcap=0\nwhat is this\n");
  await says(/^warning: .*: "what is this" is not MODULE=LEVEL: line ignored$/m);
  chmodSync(levels, 0o600);
  await says(/^warning: .*levels: permission denied \(user 65534\): levels stay as they are$/m);
  const quiet = log().length;
  writeFileSync(agent.configuration, GOOD);
  agent.kill("SIGHUP");
  await until("a second reload", () => log().slice(quiet).includes("in force after"), { evidence: log });
  expect(log().slice(quiet)).not.toContain("debug: pcap");

  for (let i = 0; i < 40; i++) {
    agent.kill("SIGUSR1");
    await sleep(5);
  }
  expect(log().length).toBeLessThanOrEqual(4000);
  expect(log().length).toBeGreaterThan(3000);
  truncateSync(file);
  agent.kill("SIGUSR1");
  await says(/^agent: /m);

  renameSync(file, `${file}.1`);
  agent.kill("SIGHUP");
  await until("a file of its name", () => tryRun("grep", "-q", "in force after", file).status === 0);
  await expectEnd(agent);
  expect(log()).toMatch(/^SIGTERM: stopping$/m);
  expect(readFileSync(folder.file("crash"), "utf8")).toBe("");
});

test("more memory than -M allows ends the process in order, with code 1", async ({ lab, startAgent }) => {
  const agent = startAgent(lab.namespace(), GOOD, "-M", "1M");
  const ended = await until("its end", () => agent.ended(), { evidence: agent.stderr });
  expect(ended).toEqual({ code: 1, signal: null });
  expect(agent.stderr()).toMatch(/^error: resident memory of \d+ bytes exceeds the 1000000 of -M: stopping$/m);
});

test("a bug ends it with code 1, with its stack in the log and in the crash file, which only root can write", async ({
  folder,
  lab,
}) => {
  const [bug, crash] = [folder.file("bug.cjs"), folder.file("crash-of-root")];
  writeFileSync(bug, 'process.on("SIGWINCH", () => { throw new TypeError("a bug"); });');
  const agent = start(lab.namespace(), [...words(folder, "bug"), "-c", crash], { NODE_OPTIONS: `--require=${bug}` });
  await agent.says(/lo: sampled/);
  agent.kill("SIGWINCH");
  expect(await agent.end).toEqual({ code: 1, signal: null });
  expect(agent.stderr()).toMatch(/^error: TypeError: a bug$\n^error: {5}at .*bug\.cjs/m);
  expect(readFileSync(crash, "utf8")).toMatch(/^\d{4}-.* process \d+\nTypeError: a bug\n {4}at .*bug\.cjs/);
  expect(tryRun("stat", "-c", "%u %a", crash).stdout).toBe("0 600\n");
});

test("a log or crash file that cannot be opened ends it at once, with a message", ({ folder }) => {
  for (const flag of ["-D", "-c"]) {
    const [command, ...rest] = words(folder, "none");
    const { status, stderr } = tryRun(command, ...rest, flag, folder.file("none/file"));
    const why = "cannot open the log or the crash file: ENOENT";
    expect([status, stderr]).toEqual([1, expect.stringContaining(why)]);
  }
});

test("SIGINT ends it in order with code 2, and a closed output pipe does not end it", async ({
  folder,
  lab,
  startAgent,
}) => {
  const agent = startAgent(lab.namespace(), GOOD);
  await agent.says(/lo: sampled/);
  agent.kill("SIGINT");
  expect(await agent.end).toEqual({ code: 2, signal: null });
  expect(agent.stdout()).toContain("SIGINT: stopping");

  const [command, ...rest] = lab.namespace().command(...words(folder, "deaf"));
  const deaf = spawn(command, rest, { stdio: ["ignore", "pipe", "pipe"] });
  await once(deaf.stdout, "data");
  deaf.stdout.destroy();
  deaf.stderr.destroy();
  for (const signal of ["SIGUSR1", "SIGPIPE", "SIGHUP", "SIGUSR1"] as const) {
    deaf.kill(signal);
    await sleep(50);
  }
  expect(deaf.exitCode).toBe(null);
  const end = once(deaf, "exit");
  deaf.kill("SIGTERM");
  expect(await end).toEqual([0, null]);
});

test("lines have a priority for the journal and for no other reader, whatever the environment says", async ({
  folder,
  lab,
}) => {
  const run = async (stream: (fd: number) => string): Promise<string[]> => {
    const file = folder.file("journal");
    const fd = openSync(file, "w+");
    const [command, ...rest] = lab.namespace().command(...words(folder, "journal"));
    const env = { ...process.env, JOURNAL_STREAM: stream(fd) };
    const child = spawn(command, rest, { stdio: ["ignore", fd, fd], env });
    const end = once(child, "exit");
    await until("a start", () => readFileSync(file, "utf8").includes("lo: sampled"));
    child.kill("SIGTERM");
    await end;
    closeSync(fd);
    return readFileSync(file, "utf8").trimEnd().split("\n");
  };
  const idOf = (fd: number) => {
    const { dev, ino } = fstatSync(fd);
    return `${dev}:${ino}`;
  };
  expect((await run(idOf)).filter((line) => !/^<[3467]>/.test(line))).toEqual([]);
  expect((await run(() => "1:1")).filter((line) => line.startsWith("<"))).toEqual([]);
});
