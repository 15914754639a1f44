// hsflowd.auto: its lines, as sub-agents and scripts expect them, and when the agent writes it.

import { describe, expect, it } from "vitest";
import { modules } from "../../agent/modules/index.ts";
import { type AutoCollector, type AutoSettings, autoFile } from "../../agent/run/auto-file.ts";
import { publishAutoFile } from "../../agent/run/auto-publisher.ts";
import { readConfiguration } from "../../agent/run/configuration.ts";
import type { AgentAddress } from "../../agent/run/election.ts";
import type { SflowConfig } from "../../agent/settings/sflow-block.ts";
import { makeFakeHost } from "../fakes/host.ts";
import { makeLog } from "../fakes/log.ts";

const settings: AutoSettings = {
  hostname: "vm",
  sampling: 1,
  headerBytes: 128,
  datagramBytes: 1400,
  polling: 5,
  applications: [],
  agentIP: undefined,
  agent: undefined,
  collectors: [{ address: "127.0.0.1", port: 17344, device: undefined, namespace: undefined }],
  electedAddress: "192.0.2.2",
  electedDevice: "eth0",
  jsonPort: 36344,
};

it("writes the same keys as hsflowd, in the same order", () => {
  expect(autoFile(1, settings).split("\n").slice(1)).toEqual([
    "rev_start=1",
    "hostname=vm",
    "sampling=1",
    "header=128",
    "datagram=1400",
    "polling=5",
    "collector=127.0.0.1 17344",
    "agentIP=192.0.2.2",
    "agent=eth0",
    "jsonPort=36344",
    "ds_index=1",
    "rev_end=1",
    "",
  ]);
});

it("writes configured agent settings instead of elected ones, rates in reverse file order, collectors sorted", () => {
  const collector = { device: undefined, namespace: undefined };
  const text = autoFile(7, {
    ...settings,
    agentIP: "10.0.0.1",
    agent: "eth1",
    applications: [
      { name: "1G", sampling: 500, polling: undefined },
      { name: "app.web", sampling: 10, polling: 20 },
    ],
    collectors: [
      { address: "192.0.2.9", port: 6343, ...collector },
      { address: "192.0.2.1", port: 6343, device: "mgmt", namespace: undefined },
    ],
    jsonPort: undefined,
  });
  expect(text.split("\n").slice(7)).toEqual([
    "sampling.app.web=10",
    "polling.app.web=20",
    "sampling.1G=500",
    "agentIP=10.0.0.1",
    "agent=eth1",
    "collector=192.0.2.1/6343/mgmt/",
    "collector=192.0.2.9",
    "ds_index=1",
    "rev_end=7",
    "",
  ]);
});

it("writes only revision numbers while the agent may not send", () => {
  expect(autoFile(3, undefined).split("\n").slice(1)).toEqual(["rev_start=3", "rev_end=3", ""]);
});

describe("the publisher", () => {
  const PATH = "/etc/hsflowd.auto";

  function publish() {
    const host = makeFakeHost();
    const log = makeLog();
    const source = {
      config: readConfiguration("sflow { polling = 20 collector { ip = 192.0.2.9 } }", modules).configuration
        ?.sflow as SflowConfig,
      address: { bytes: Uint8Array.of(192, 0, 2, 2), device: "eth0" as string | undefined } as AgentAddress | undefined,
      collectors: [] as AutoCollector[],
    };
    let full = false;
    const { write } = host.files;
    host.files.write = (path, text) => {
      if (full) throw new Error("ENOSPC: no space left on device, write");
      write(path, text);
    };
    const sources = { config: () => source.config, address: () => source.address, collectors: () => source.collectors };
    const publisher = publishAutoFile(host, PATH, sources, log);
    return {
      ...{ host, log, source, publisher },
      text: () => host.files.over[PATH] ?? "",
      revision: () => Number(/^rev_end=(\d+)$/m.exec(host.files.over[PATH] ?? "")?.[1]),
      fill: (is: boolean) => {
        full = is;
      },
    };
  }

  it("writes one revision for each change of a setting, an address, a collector or the host name", () => {
    const { host, source, publisher, text, revision } = publish();
    expect(text()).toContain("polling=20\nagentIP=192.0.2.2\nagent=eth0\nds_index=1\nrev_end=1\n");
    host.clock.advance(10);
    expect(revision()).toBe(1);
    source.collectors = [{ address: "192.0.2.9", port: 6343, device: undefined, namespace: undefined }];
    host.clock.advance(10);
    expect(text()).toContain("collector=192.0.2.9\n");
    source.address = { bytes: Uint8Array.of(192, 0, 2, 3), device: "eth1" };
    publisher.check();
    expect(text()).toContain("agentIP=192.0.2.3\nagent=eth1\n");
    const renamed = { ...host.uname(), name: "db7" };
    host.uname = () => renamed;
    host.clock.advance(10);
    expect(text()).toContain("hostname=db7\n");
    source.config = { ...source.config, agentIP: "agent.example", polling: 5 };
    source.address = { bytes: Uint8Array.of(192, 0, 2, 4), device: undefined };
    host.clock.advance(10);
    expect(text()).toContain("polling=5\nagentIP=192.0.2.4\ncollector=192.0.2.9\nds_index=1\n");
    source.address = undefined;
    host.clock.advance(10);
    expect(text().split("\n").slice(1)).toEqual(["rev_start=6", "rev_end=6", ""]);
    publisher.stop();
    expect(host.clock.timers).toBe(0);
  });

  it("reports a failed write once, retries every ten seconds, and reports success", () => {
    const { host, log, source, text, revision, fill } = publish();
    fill(true);
    source.address = { bytes: Uint8Array.of(192, 0, 2, 3), device: "eth1" };
    host.clock.advance(60);
    expect(log.lines).toEqual([
      `warn: ${PATH}: cannot write: ENOSPC: no space left on device, write; retrying, or choose another file with -o`,
    ]);
    expect(text()).toContain("agent=eth0\n");
    fill(false);
    host.clock.advance(10);
    expect(text()).toContain("agent=eth1\n");
    expect(revision()).toBe(2);
    expect(log.lines.slice(1)).toEqual([`info: ${PATH}: can be written again`]);
  });
});
