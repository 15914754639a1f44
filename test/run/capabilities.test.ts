// The capabilities that a configuration requires. The README and the systemd unit list the same capabilities.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { modules } from "../../agent/modules/index.ts";
import { allNeeds, capabilitiesOf, isOlder, needRows, needsOf, socketsOf } from "../../agent/run/capabilities.ts";
import { type Configuration, readConfiguration } from "../../agent/run/configuration.ts";

const KERNEL = "6.1.0-18-amd64";

function configure(blocks: string): Configuration {
  const { configuration } = readConfiguration(`sflow { collector { ip = 192.0.2.1 } ${blocks} }`, modules);
  if (configuration === undefined) throw new Error(`wrong: ${blocks}`);
  return configuration;
}

const named = (blocks: string, kernel = KERNEL) => capabilitiesOf(needsOf(configure(blocks), kernel)).sort();

describe("required capabilities", () => {
  test.each([
    ["", []],
    ["metrics { }", []],
    ["pcap { dev = eth0 }", ["CAP_NET_RAW"]],
    ["psample { }", ["CAP_NET_ADMIN"]],
    ["tcp { }", ["CAP_SYS_ADMIN", "CAP_SYS_PTRACE"]],
    ["pcap { dev = eth0 } pcap { dev = eth1 } docker { }", ["CAP_NET_RAW", "CAP_SYS_ADMIN", "CAP_SYS_PTRACE"]],
  ])("are those of all blocks: %s", (blocks, capabilities) => {
    expect(named(blocks)).toEqual(capabilities);
  });

  test("include a capability that only an option requires", () => {
    expect(named("collector { ip = 192.0.2.2 namespace = blue }")).toEqual(["CAP_SYS_ADMIN"]);
  });

  test("include a capability that only an older kernel requires", () => {
    expect(named("pcap { dev = eth0 }", "5.15.0-91-generic")).toEqual(["CAP_NET_ADMIN", "CAP_NET_RAW"]);
    expect(named("pcap { dev = eth0 }", "5.17.0")).toEqual(["CAP_NET_RAW"]);
    expect(named("pcap { dev = eth0 }", "4.19.0-6-arm64")).toEqual(["CAP_NET_ADMIN", "CAP_NET_RAW"]);
  });

  test("refer only to options that their block has", () => {
    for (const { keyword, need } of allNeeds) {
      const module = modules.find((module) => module.keyword === keyword);
      if (need.option !== undefined) expect(Object.keys(module?.options ?? {})).toContain(need.option);
    }
  });

  test("come with the unix socket of a container engine and its group", () => {
    expect(socketsOf(configure("docker { }"))).toEqual([
      { keyword: "docker", path: "/var/run/docker.sock", group: "docker" },
    ]);
    expect(socketsOf(configure("docker { socket = tcp://127.0.0.1:2375 }"))).toEqual([]);
  });
});

test("agent/README.md has the table of the modules' declarations", () => {
  const rows = needRows().map(([block, capability, purpose]) => `| \`${block}\` | ${capability} | ${purpose} |`);
  const table = ["| Block | Capability | Needed to |", "| --- | --- | --- |", ...rows].join("\n");
  expect(readFileSync("agent/README.md", "utf8")).toContain(`\n${table}\n`);
});

/** Returns the sorted capabilities of each line of a systemd unit that lists capabilities. */
const givenBy = (unit: string): string[][] =>
  [...unit.matchAll(/^(?:Ambient|CapabilityBounding)\w+=(.*)$/gm)].map(([, list = ""]) => list.split(" ").sort());

test("the service and its helper have what blocks require on current kernels, except for opt-in ones", () => {
  const wanted = capabilitiesOf(
    allNeeds.filter(({ need: { before, optIn } }) => before === undefined && optIn === undefined),
  ).sort();
  const [agent, helper] = ["hsflowd", "hsflowd-namespaces"].map((name) =>
    givenBy(readFileSync(`packaging/deb/${name}.service`, "utf8")),
  );
  expect(agent).toEqual([["CAP_NET_RAW"], ["CAP_NET_RAW"]]);
  expect(agent?.map((list, i) => [...list, ...(helper?.[i] ?? [])].sort())).toEqual([wanted, wanted]);
});

test.each(["4.19.0-27-amd64", "5.4.0-1", "5.15.0-91-generic", "5.16.20", "5.17.0", "6.1.0-13-amd64", "10.5.1"])(
  "on Linux %s the service also has the capabilities that only old kernels require",
  (release) => {
    const folder = mkdtempSync(join(tmpdir(), "generator-test-"));
    try {
      writeFileSync(join(folder, "uname"), `#!/bin/sh\necho ${release}\n`, { mode: 0o755 });
      const env = { PATH: `${folder}:/usr/bin:/bin` };
      execFileSync("packaging/deb/generator", [folder, folder, folder], { env });
      const drop = join(folder, "hsflowd.service.d/net-admin.conf");
      const given = existsSync(drop) ? givenBy(readFileSync(drop, "utf8")) : [];
      const aged = allNeeds.filter(({ need: { before } }) => before !== undefined && isOlder(release, before));
      const wanted = capabilitiesOf(aged);
      expect(given).toEqual(wanted.length === 0 ? [] : [wanted, wanted]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
