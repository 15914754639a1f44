// hsflowd.auto, line for line as its readers expect it.

import { expect, it } from "vitest";
import { type AutoSettings, autoFile } from "../agent/auto-file.ts";

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

it("writes what an old reader greps for, in the old order", () => {
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

it("writes configured agent settings instead of elected ones, speeds newest first, collectors sorted", () => {
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

it("shows only revisions while output is held back", () => {
  expect(autoFile(3, undefined).split("\n").slice(1)).toEqual(["rev_start=3", "rev_end=3", ""]);
});
