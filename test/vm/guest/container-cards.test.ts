// The interfaces of a container of every kind that Debian's kernel has: which of them pcap { } samples. ip-link(8).

import { expect } from "vitest";
import type { Status } from "../../../agent/report/agent-status.ts";
import { run } from "../../e2e/command.ts";
import { asking, hsflowd } from "../../e2e/diagnosis.ts";
import { test } from "../../e2e/fixture.ts";
import { connect, type Namespace } from "../../e2e/namespaces.ts";

const ALTNAME = "trunk-of-the-host-to-the-switch-in-rack-3";

/** Adds an interface on `trunk` of the host to the container. */
const addThrough = (host: Namespace, inside: Namespace, name: string, ...kind: string[]) =>
  run("ip", "-n", host.name, "link", "add", "link", "trunk", "netns", inside.name, "name", name, "type", ...kind);

test("cards of a container of every kind are sampled, and interfaces above them are not", async ({
  lab,
  startAgent,
  startReceiver,
}) => {
  const [inside, host, far] = [lab.namespace(), lab.namespace(), lab.namespace()];
  const { ip } = inside;
  connect("trunk", [host, "10.96.0.1"], [far, "10.96.0.2"]);
  host.ip("link", "property", "add", "dev", "trunk", "altname", ALTNAME);
  connect("pair0", [inside, "10.96.1.1"], [host, "10.96.1.2"]);
  for (const name of ["pair1", "pair2", "pair3"])
    ip("link", "add", name, "type", "veth", "peer", "name", name, "netns", host.name);
  addThrough(host, inside, "vlan5", "vlan", "id", "5");
  addThrough(host, inside, "ipv0", "ipvlan", "mode", "l2");
  host.ip("link", "add", "gt0", "type", "gretap", "local", "10.96.0.1", "remote", "10.96.0.2");
  host.ip("link", "set", "gt0", "netns", inside.name);
  ip("link", "add", "red", "type", "vrf", "table", "10");
  ip("link", "add", "bond0", "type", "bond");
  ip("link", "add", "team0", "type", "team");
  ip("link", "add", "link", "pair0", "name", "pair0.7", "type", "vlan", "id", "7");
  for (const [port, master] of [
    ["pair1", "red"],
    ["pair2", "bond0"],
    ["pair3", "team0"],
  ] as const)
    ip("link", "set", port, "master", master);
  const above = ["bond0", "pair0.7", "team0"];
  const cards = ["gt0", "ipv0", "pair0", "pair1", "pair2", "pair3", "vlan5"];
  for (const name of [...above, ...cards, "red"]) ip("link", "set", name, "up");

  const receiver = await startReceiver(far, { address: "10.96.0.2", port: 7002 });
  const collector = `collector { ip = 10.96.0.2 udpport = 7002 namespace = ${host.name} dev = ${ALTNAME} }`;
  const agent = startAgent(inside, `sflow { agentIP = 10.96.1.1 polling = 1 ${collector} pcap { sampling = 1 } }`);
  await receiver.until("counters through the host's interface", (all) => all.length > 1, 120);
  const { stdout } = hsflowd(inside, ["status", "--format=json", asking(agent)]);
  const { modules }: Status = JSON.parse(stdout);
  const taps = modules.flatMap(({ report }) => report.taps ?? []);
  const inState = (state: string) =>
    taps
      .filter((tap) => tap.state === state)
      .map((tap) => tap.interface)
      .toSorted();
  expect(inState("sampled")).toEqual([...cards, "lo", "red"].toSorted());
  expect(inState("unmatched")).toEqual(above);
  const sources = receiver.datagrams().flatMap(({ counters }) => counters.map(({ source }) => source));
  expect(sources).toContain("2:1");
});
