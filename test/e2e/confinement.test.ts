// What the built agent cannot do once it runs, whoever has got code into it, and that it needs nothing else.

import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { expect } from "vitest";
import { systemCalls } from "../../agent/process/confinement/system-calls.ts";
import type { Status } from "../../agent/report/agent-status.ts";
import { start } from "./child.ts";
import { run, tryRun, until } from "./command.ts";
import { type Fixtures, test as fixture } from "./fixture.ts";
import type { Namespace } from "./namespaces.ts";

const calls = systemCalls({ pid: 1, rings: [], bpf: false, enters: true });

const test = fixture.extend("addon", { scope: "file" }, ({ folder }) => {
  const headers = dirname(createRequire(import.meta.url).resolve("node-api-headers/include/node_api.h"));
  const addon = folder.file("raw.node");
  execFileSync("cc", ["-shared", "-fPIC", "-I", headers, "test/e2e/raw-call.c", "-o", addon]);
  return addon;
});

const BASE = "agentIP = 127.0.0.1 polling = 1 collector { ip = 127.0.0.1 } collector { ip = localhost }";
const PCAP = `sflow { ${BASE} pcap { dev = lo sampling = 1 } }`;
const ALL = `sflow { ${BASE} pcap { dev = lo sampling = 1 engine = libpcap } tcp { } docker { } systemd { } }`;

/** Writes a configuration to a folder of its own, and returns the arguments of an agent that keeps its files there. */
function filesOf(folder: Fixtures["folder"], name: string, text: string): string[] {
  const own = folder.file(name);
  mkdirSync(own);
  chmodSync(own, 0o777);
  writeFileSync(`${own}/conf`, text);
  const files = ["-f", `${own}/conf`, "-o", `${own}/auto`, "-p", `${own}/pid`];
  return ["dist/hsflowd.js", "-d", ...files, `--control-socket=${own}/sock`, `--state-file=${own}/state`];
}

const statusOf = (folder: Fixtures["folder"], name: string): Status =>
  JSON.parse(
    run(process.execPath, "dist/hsflowd.js", "status", "--format=json", `--control-socket=${folder.file(name)}/sock`),
  );

/** A process of root that planted code must not reach. */
const SERVER = `import socket, time
server = socket.create_server(("127.0.0.1", 7777))
print("listens")
time.sleep(60)`;

/** Starts an agent with planted code beside its configuration, and returns the results of its attempts. */
async function attack(
  host: Namespace,
  { folder, addon }: { folder: Fixtures["folder"]; addon: string },
  name: string,
  text: string,
  ...flags: string[]
): Promise<Record<string, string>> {
  const victim = start(host, ["python3", "-uc", SERVER]);
  await victim.says(/listens/);
  const elsewhere = folder.file(`${name}-elsewhere`);
  mkdirSync(elsewhere);
  chmodSync(elsewhere, 0o777);
  writeFileSync(`${elsewhere}/secret`, "");
  const world = { victim: victim.pid, secret: `${elsewhere}/secret`, folder: elsewhere, port: 7777 };
  const agent = start(
    host,
    [process.execPath, "--import", "./test/e2e/planted.mjs", ...filesOf(folder, name, text), ...flags],
    { PLANTED_ADDON: addon, PLANTED_WORLD: JSON.stringify(world) },
  );
  const [, results = ""] = await agent.says(/^planted: (.*)$/m);
  await agent.says(/lo: sampled/);
  expect(statusOf(folder, name).confinement?.systemCalls).toBeLessThanOrEqual(80);
  for (const child of [agent, victim]) await child.stop();
  return JSON.parse(results);
}

const FILES = ["open a file elsewhere", "create a file elsewhere", "connect elsewhere"];

test("planted code can neither start programs, nor reach other processes, files and servers", async ({
  lab,
  folder,
  addon,
}) => {
  const { "open /etc/shadow": shadow, ...results } = await attack(lab.namespace(), { folder, addon }, "pcap", PCAP);
  expect(shadow).toBe("EACCES");
  for (const [name, result] of Object.entries(results))
    expect([name, result]).toEqual([name, FILES.includes(name) ? "EACCES" : "EPERM"]);
});

test("blocks that look into other processes leave the limit of system calls in force, and so does -P", async ({
  lab,
  folder,
  addon,
}) => {
  const host = lab.namespace();
  // With -P, a reload may begin to sample by BPF. So that call reaches the kernel, which refuses the zeros.
  for (const [name, ofBpf, text, ...flags] of [
    ["all", "EPERM", ALL],
    ["root", "EINVAL", PCAP, "-P"],
  ] as const) {
    const { "open /etc/shadow": _, bpf, ...results } = await attack(host, { folder, addon }, name, text, ...flags);
    expect(bpf).toBe(ofBpf);
    for (const file of FILES) expect(results[file]).toBe("done");
    const others = Object.entries(results).filter(([attempt]) => !FILES.includes(attempt));
    expect(new Set(others.map(([, result]) => result))).toEqual(new Set(["EPERM"]));
  }
});

test("--unconfined restricts nothing, and the status says so", async ({ lab, folder }) => {
  const agent = start(lab.namespace(), [process.execPath, ...filesOf(folder, "free", PCAP), "--unconfined"]);
  await agent.says(/^not confined: --unconfined$/m);
  await agent.says(/lo: sampled/);
  expect(readFileSync(`/proc/${agent.pid}/status`, "utf8")).toMatch(/^Seccomp:\t0$/m);
  expect(statusOf(folder, "free").confinement).toEqual({ note: "--unconfined" });
  await agent.stop();
});

/** Returns the calls of a trace that come after the process was confined, other than the listed ones. */
function unlisted(trace: string): string[] {
  const confined = trace.indexOf("PR_SET_SECCOMP");
  const made = trace.slice(confined).matchAll(/^\d+ +(?:<\.\.\. )?(\w+)(?:\(| resumed)/gm);
  const names = new Set([...made].map(([, name = ""]) => name));
  for (const name of [...calls.map((call) => call.name), "prctl", "rt_sigaction"]) names.delete(name);
  return [...names];
}

test("an agent with every block makes no other system call, over a reload that adds blocks, and at its end", async ({
  lab,
  folder,
}) => {
  const trace = folder.file("trace");
  const host = lab.namespace();
  const words = filesOf(folder, "traced", ALL.replace("systemd { }", ""));
  const agent = start(host, ["strace", "-D", "-f", "-qq", "-o", trace, process.execPath, "--expose-gc", ...words]);
  await agent.says(/lo: sampled/);
  const later = `systemd { } psample { } metrics { socket = ${folder.file("traced")}/metrics.sock }`;
  writeFileSync(`${folder.file("traced")}/conf`, ALL.replace("systemd { }", later));
  tryRun(process.execPath, "dist/hsflowd.js", "reload", `--control-socket=${folder.file("traced")}/sock`);
  await until("metrics", () => readdirSync(folder.file("traced")).includes("metrics.sock"));
  await new Promise((resolve) =>
    request({ socketPath: `${folder.file("traced")}/metrics.sock`, path: "/metrics", agent: false }, (answer) =>
      answer.resume().once("end", resolve),
    ).end(),
  );
  host.run("ping", "-q", "-c", "3", "-i", "0.2", "127.0.0.1");
  agent.kill("SIGUSR1");
  await agent.says(/^agent: flowSamples=/m);
  await agent.stop();
  // `TRACE_TO=FOLDER npm run e2e` leaves traces of all other agents there.
  const more = process.env["TRACE_TO"];
  const all = [trace, ...(more === undefined ? [] : readdirSync(more).map((name) => `${more}/${name}`))];
  for (const file of all) expect([file, unlisted(readFileSync(file, "latin1"))]).toEqual([file, []]);
}, 90_000);

test("the numbers of the calls are those of the kernel's headers, for both architectures", () => {
  const numbersOf = (compiler: string): Map<string, number> => {
    const text = execFileSync(compiler, ["-dM", "-E", "-"], { input: "#include <asm/unistd.h>\n", encoding: "utf8" });
    const defined = new Map(
      [...text.matchAll(/^#define (__NR\w+) (\w+)$/gm)].map(([, name = "", value = ""]) => [name, value]),
    );
    const numberOf = (value: string): number => Number(defined.get(value) ?? value);
    return new Map([...defined].map(([name, value]) => [name.replace("__NR_", ""), numberOf(value)]));
  };
  for (const [compiler, of] of [
    ["x86_64-linux-gnu-gcc", "x64"],
    ["aarch64-linux-gnu-gcc", "arm64"],
  ] as const) {
    const numbers = numbersOf(compiler);
    for (const call of calls)
      if (call[of] !== undefined) expect([call.name, numbers.get(call.name)]).toEqual([call.name, call[of]]);
  }
});
