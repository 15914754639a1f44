// The container's start script turns its environment into a valid configuration, and the Ansible example holds a
// valid one.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { modules } from "../../agent/modules/index.ts";
import { pcap as pcapModule } from "../../agent/modules/pcap/config.ts";
import { blocksOf, type Configuration, readConfiguration } from "../../agent/run/configuration.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fleet-test-"));
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin/hsflowd"), '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
});

afterEach(() => rmSync(folder, { recursive: true }));

const touch = (path: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), "");
};

/** Returns the arguments of the agent, and its configuration file. */
function start(env: Readonly<Record<string, string>> = {}) {
  const CONFIG = join(folder, "hsflowd.conf");
  const path = `${join(folder, "bin")}:/usr/bin:/bin`;
  const all = { PATH: path, CONFIG, RUN: join(folder, "run"), ...env };
  const said = execFileSync("packaging/fleet/start.sh", { env: all, encoding: "utf8" });
  return { flags: said.trim().replace(CONFIG, "FILE"), text: readFileSync(CONFIG, "utf8") };
}

function read(text: string): Configuration {
  const { configuration, problems } = readConfiguration(text, modules);
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  if (configuration === undefined) throw new Error(text);
  return configuration;
}

/** Returns the keywords in order, and the values of some blocks. */
function blocks(text: string) {
  const configuration = read(text);
  return modules.flatMap((module) =>
    blocksOf(configuration, module).map((block) => {
      const { ip, udpport, dev, speed, "dev.pattern": pattern } = block as Record<string, unknown>;
      const what = [ip, udpport, dev, speed && "1G-", pattern && "pattern"].filter((value) => value !== undefined);
      return [module.keyword, ...what].join(" ");
    }),
  );
}

/** Expects that every block of the file is implemented. */
function expectEffect(text: string): void {
  const { blocks: given } = read(text);
  expect(modules.filter(({ keyword, load }) => keyword !== null && load === undefined && given.has(keyword))).toEqual(
    [],
  );
}

describe("start.sh", () => {
  it("samples the bridges of Docker by default, and follows containers where the engine's socket is mounted", () => {
    const { flags, text } = start();
    expect(flags).toBe("-d -f FILE");
    expect(read(text).sflow).toMatchObject({ sampling: 1000, polling: 30, "sampling.bps_ratio": 0 });
    expect(blocks(text)).toEqual(["collector 127.0.0.1 6343", "pcap docker0", "pcap docker_gwbridge"]);
    rmSync(join(folder, "hsflowd.conf"));
    touch("run/docker.sock");
    expect(blocks(start().text)).toContain("docker");
  });

  it("takes collectors, port, rates, drops and debug level from the environment", () => {
    const env = { COLLECTOR: "192.0.2.1 2001:db8::1", PORT: "6344", POLLING: "20", SAMPLING: "400" };
    const { flags, text } = start({ ...env, DROPMON: "enable", DEBUG: "fine", NET: "host" });
    expect(flags).toBe("-ddd -f FILE");
    expect(read(text).sflow).toMatchObject({ sampling: 400, polling: 20 });
    expect(blocks(text)).toEqual(["collector 192.0.2.1 6344", "collector 2001:db8::1 6344", "pcap pattern", "tcp"]);
  });

  it.each([
    ["ovs", []],
    ["flannel", ["pcap cni0"]],
    ["eth", ["pcap pattern", "tcp"]],
  ])("knows NET=%s", (NET, expected) => {
    expect(blocks(start({ NET }).text)).toEqual(["collector 127.0.0.1 6343", ...expected]);
  });

  it.each(["docker", "ovs", "flannel", "host", "eth"])("writes no block without effect for NET=%s", (NET) => {
    touch("run/containerd/containerd.sock");
    expectEffect(start({ NET, DROPMON: "enable" }).text);
  });

  it("selects network cards by their names, and nothing that lies above them", () => {
    const [pcap] = blocksOf(read(start({ NET: "host" }).text), pcapModule);
    const selected = (name: string) => pcap?.["dev.pattern"]?.test(name);
    for (const name of ["eth0", "ens3", "enp1s0f0", "eno1", "em1", "p1p1"]) expect(selected(name), name).toBe(true);
    for (const name of ["lo", "eth0.10", "br0", "bond0", "docker0", "veth1"]) expect(selected(name), name).toBe(false);
  });

  it("leaves an existing file alone", () => {
    touch("hsflowd.conf");
    expect(start().text).toBe("");
    expect(existsSync(join(folder, "hsflowd.conf"))).toBe(true);
  });
});

it("ansible.yaml holds a valid configuration", () => {
  const lines = readFileSync("packaging/fleet/ansible.yaml", "utf8").split("\n");
  const first = lines.findIndex((line) => line.endsWith("hsflowd_conf: |")) + 1;
  const last = lines.indexOf("      }", first);
  expectEffect(lines.slice(first, last + 1).join("\n"));
  expect(blocks(lines.slice(first, last + 1).join("\n"))).toEqual(["collector 192.0.2.1 6343", "pcap pattern", "tcp"]);
});
