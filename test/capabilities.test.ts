// The capabilities that a configuration takes, and that every page about them says the same.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { allNeeds, capabilitiesOf, needRows, needsOf, socketsOf } from "../agent/capabilities.ts";
import { type Configuration, readConfiguration } from "../agent/configuration.ts";
import { modules } from "../agent/modules/index.ts";

const KERNEL = "6.1.0-18-amd64";

function configure(blocks: string): Configuration {
  const { configuration } = readConfiguration(`sflow { collector { ip = 192.0.2.1 } ${blocks} }`, modules);
  if (configuration === undefined) throw new Error(`wrong: ${blocks}`);
  return configuration;
}

const named = (blocks: string, kernel = KERNEL) => capabilitiesOf(needsOf(configure(blocks), kernel)).sort();

describe("capabilities", () => {
  test.each([
    ["", []],
    ["metrics { }", []],
    ["pcap { dev = eth0 }", ["CAP_NET_RAW"]],
    ["tcp { }", ["CAP_SYS_ADMIN", "CAP_SYS_PTRACE"]],
    ["pcap { dev = eth0 } pcap { dev = eth1 } docker { }", ["CAP_NET_RAW", "CAP_SYS_ADMIN", "CAP_SYS_PTRACE"]],
  ])("%s", (blocks, capabilities) => {
    expect(named(blocks)).toEqual(capabilities);
  });

  test("of a block that needs one only with an option", () => {
    expect(named("collector { ip = 192.0.2.2 namespace = blue }")).toEqual(["CAP_SYS_ADMIN"]);
  });

  test("of an older kernel", () => {
    expect(named("pcap { dev = eth0 }", "5.15.0-91-generic")).toEqual(["CAP_NET_ADMIN", "CAP_NET_RAW"]);
    expect(named("pcap { dev = eth0 }", "5.17.0")).toEqual(["CAP_NET_RAW"]);
    expect(named("pcap { dev = eth0 }", "4.19.0-6-arm64")).toEqual(["CAP_NET_ADMIN", "CAP_NET_RAW"]);
  });

  test("the option that makes the difference is one of its block", () => {
    for (const { keyword, need } of allNeeds) {
      const module = modules.find((module) => module.keyword === keyword);
      if (need.option !== undefined) expect(Object.keys(module?.options ?? {})).toContain(need.option);
    }
  });

  test("an engine behind a unix socket is one whose group is joined", () => {
    expect(socketsOf(configure("docker { }"))).toEqual([
      { keyword: "docker", path: "/var/run/docker.sock", group: "docker" },
    ]);
    expect(socketsOf(configure("docker { socket = tcp://127.0.0.1:2375 }"))).toEqual([]);
  });
});

test("agent/README.md has the table of the modules' declarations", () => {
  const rows = needRows().map(([block, capability, purpose]) => `| \`${block}\` | ${capability} | ${purpose} |`);
  const table = ["| Block | Capability | What it takes it to |", "| --- | --- | --- |", ...rows].join("\n");
  expect(readFileSync("agent/README.md", "utf8")).toContain(`\n${table}\n`);
});

test("the service has what any block may need, and nothing else", () => {
  const unit = readFileSync("packaging/deb/hsflowd.service", "utf8");
  for (const key of ["AmbientCapabilities", "CapabilityBoundingSet"]) {
    const given = new RegExp(`^${key}=(.*)$`, "m").exec(unit)?.[1]?.split(" ");
    expect(given?.sort(), key).toEqual(capabilitiesOf(allNeeds).sort());
  }
});
