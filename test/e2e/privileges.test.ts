// The privileges of the agent after it has given up root, and that its work goes on. The tests of the main job,
// docker and tcp run in that state, too.

import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import { type Agent, inOpenCopy } from "./agent.ts";
import { run, sleep, tryRun, until } from "./command.ts";
import { expectEnd } from "./expect-end.ts";
import { test } from "./fixture.ts";
import { flood } from "./flood.ts";
import { behind, connect, nobody } from "./namespaces.ts";
import { NET_RAW, nobodyWith, rightsIn, rightsOf } from "./threads.ts";

const PACKETS = 20;

const reload = ({ controlSocket }: Agent) =>
  tryRun(process.execPath, "dist/hsflowd.js", "reload", `--control-socket=${controlSocket}`);

const PLAIN = "sflow { agentIP = 127.0.0.1 collector { ip = 127.0.0.1 udpport = 9 } pcap { dev = lo sampling = 1 } }";

test("only the privileges that the blocks need remain, and interfaces, reloads and hsflowd.auto go on", async ({
  lab,
  startAgent,
  startReceiver,
}) => {
  const [host, far] = [lab.namespace(), lab.namespace()];
  const first = await startReceiver(host);
  const second = await startReceiver(host);
  const text = (port: number, sampling: number, more = "") => `sflow {
    agentIP = 10.9.20.1
    collector { ip = 127.0.0.1 udpport = ${port} }
    pcap { dev = eth0 sampling = ${sampling} }
    ${more}
  }`;
  const agent = startAgent(host, text(first.port, 1));
  await agent.says(/runs as nobody, keeps CAP_NET_RAW \(pcap\)/);
  const [cable, peer] = connect("eth0", [host, "10.9.20.1"], [far, "10.9.20.2"]);
  await agent.taps(cable.index);
  expect(rightsOf(agent.pid)).toEqual([nobodyWith(NET_RAW)]);
  agent.kill("SIGUSR1");
  const send = () => flood(far, { to: nobody(peer.address), packets: PACKETS });
  await send();
  await first.until("samples of a new interface", (all) => all.flatMap(({ flows }) => flows).length === PACKETS);

  writeFileSync(agent.configuration, text(second.port, 1, "sampling.10G = 77"));
  expect(reload(agent)).toMatchObject({ status: 0, stderr: "" });
  await send();
  const flows = await second.until("samples elsewhere", (all) => all.flatMap(({ flows }) => flows).length === PACKETS);
  expect(flows.flatMap(({ flows }) => flows)[0]).toMatchObject({ sequence: PACKETS + 1, rate: 1 });
  await until("hsflowd.auto", () => readFileSync(`${agent.configuration}.auto`, "utf8").includes("sampling.10G=77"));
  const auto = readFileSync(`${agent.configuration}.auto`, "utf8");
  expect(auto).toContain(`collector=127.0.0.1 ${second.port}\n`);
  const revision = /^rev_start=(\d+)$/m.exec(auto)?.[1];
  expect(Number(revision)).toBeGreaterThan(1);
  expect(auto.trimEnd().endsWith(`\nrev_end=${revision}`)).toBe(true);

  writeFileSync(agent.configuration, text(second.port, 2, "tcp { }"));
  const lacking = reload(agent);
  expect(lacking.status).toBe(1);
  expect(lacking.stdout).toContain("in force after");
  expect(lacking.stderr).toContain(
    "hsflowd: tcp { }: CAP_SYS_PTRACE was dropped at the start: restart the agent to get it back",
  );
  await agent.says(/tcp { }: CAP_SYS_ADMIN was dropped at the start: restart the agent to get it back/);
  expect(rightsOf(agent.pid)).toEqual([nobodyWith(NET_RAW)]);

  writeFileSync(agent.configuration, text(second.port, 3));
  chmodSync(agent.configuration, 0o600);
  const refused = reload(agent);
  expect(refused).toMatchObject({ status: 1, stdout: "" });
  expect(refused.stderr).toContain("permission denied (the agent runs as user 65534)");
  chmodSync(agent.configuration, 0o644);
  expect(reload(agent).status).toBe(0);
  expect(host.run("ss", "-ltnH"), "a debugger that listens").toBe("");
  await expectEnd(agent);
}, 60_000);

/** Tells whether the process catches SIGUSR1. proc(5), SigCgt. */
function catchesUsr1(pid: number): boolean {
  const mask = /^SigCgt:\t(\w+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return (BigInt(`0x${mask}`) & 0x200n) !== 0n;
}

test("leaves no debugger open, even if SIGUSR1 arrives as soon as Node itself catches it", async ({
  lab,
  startAgent,
}) => {
  for (const milliseconds of [0, 0, 5, 10]) {
    const host = lab.namespace();
    const agent = startAgent(host, PLAIN);
    for (const end = performance.now() + 10_000; !catchesUsr1(agent.pid) && performance.now() < end; ) await sleep(0);
    await sleep(milliseconds);
    agent.kill("SIGUSR1");
    await agent.says(/lo: sampled/);
    agent.kill("SIGUSR1");
    await agent.says(/^agent: flowSamples=/m);
    expect(host.run("ss", "-ltnH"), agent.stderr()).toBe("");
    await expectEnd(agent);
  }
});

test("warns of a file that becomes unreadable, with the command that helps", async ({ lab, startAgent }) => {
  const agent = startAgent(behind(lab.namespace(), "sh", "-c", 'chmod 600 "$5"; exec "$@"', "sh"), PLAIN);
  const [, remedy = ""] = await agent.says(/so reloads will fail: (.*)/);
  await agent.says(/lo: sampled/);
  expect(reload(agent).status).toBe(1);
  run("sh", "-c", remedy);
  expect(reload(agent)).toMatchObject({ status: 0, stderr: "" });
  await expectEnd(agent);
});

test("-P keeps root", async ({ lab, startAgent }) => {
  const agent = startAgent(lab.namespace(), PLAIN, "-P");
  await agent.says(/lo: sampled/);
  expect(rightsOf(agent.pid)).toEqual([rightsIn(run("cat", "/proc/self/status"))]);
  writeFileSync(agent.configuration, PLAIN.replace(" pcap", " tcp { } pcap"));
  expect(reload(agent)).toMatchObject({ status: 0, stderr: "" });
  await expectEnd(agent);
});

test("another user keeps the named capabilities, is told which are missing, and taps later interfaces", async ({
  folder,
  lab,
  startAgent,
}) => {
  const sets = ["--inh-caps=-all,+net_raw,+net_admin,+sys_admin", "--ambient-caps=-all,+net_raw,+net_admin,+sys_admin"];
  const words = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", ...sets, ...inOpenCopy(folder)];
  const [host, far] = [lab.namespace(), lab.namespace()];
  const text = "sflow { agentIP = 127.0.0.1 collector { ip = 127.0.0.1 } pcap { dev = eth0 } tcp { } }";
  const agent = startAgent(behind(host, ...words), text, "-o", "/nowhere/hsflowd.auto");
  await agent.says(/tcp { }: CAP_SYS_PTRACE is missing; it is needed to find the network namespaces of containers/);
  const [cable] = connect("eth0", [host, "10.9.21.1"], [far, "10.9.21.2"]);
  await agent.taps(cable.index);
  const capabilities = "0000000000202000";
  const { bounding: _, ...rights } = nobodyWith(capabilities);
  expect(rightsOf(agent.pid)).toMatchObject([rights]);
  expect(rightsOf(agent.pid)).toHaveLength(1);
  await expectEnd(agent);
});

test("reports disks where process 1 is hidden from the user, and all mounts are read-only", async ({
  lab,
  startAgent,
  startReceiver,
}) => {
  const mounts = "awk '$0 ~ \" /dev/\" { print $5 }' /proc/self/mountinfo";
  const confined = `${mounts} | xargs -n 1 mount -o remount,bind,ro; mount -t proc -o hidepid=2 proc /proc`;
  const host = lab.namespace();
  const receiver = await startReceiver(host);
  const text = `sflow { agentIP = 127.0.0.1 collector { ip = 127.0.0.1 udpport = ${receiver.port} } }`;
  const agent = startAgent(behind(host, "unshare", "--mount", "sh", "-c", `${confined}; exec "$@"`, "sh"), text);
  const [first] = await receiver.until("a sample of the host", (all) => all.length > 0);
  const disks = first?.counters.flatMap(({ records }) => records.get(2005) ?? []);
  expect(disks?.map((record) => record.readBigUInt64BE(0) > 0n)).toEqual([true]);
  await expectEnd(agent);
});

test("refuses to start where the user does not exist, and names -P", async ({ folder, lab, startAgent }) => {
  const passwd = folder.file("passwd");
  writeFileSync(passwd, "root:x:0:0:root:/root:/bin/sh\n");
  const mount = ["unshare", "--mount", "sh", "-c", `mount --bind ${passwd} /etc/passwd; exec "$@"`, "sh"];
  const agent = startAgent(behind(lab.namespace(), ...mount), PLAIN);
  await until("its end", () => agent.ended(), { evidence: agent.stdout });
  expect(agent.ended()).toEqual({ code: 1, signal: null });
  expect(agent.stderr()).toContain("/etc/passwd has neither user hsflowd nor nobody; add one: useradd");
  expect(agent.stderr()).toContain("or keep root with -P");
});
