// The agent address as collectors see it: elected again at once when addresses and default routes change.

import { writeFileSync } from "node:fs";
import { expect } from "vitest";
import type { Agent } from "./agent.ts";
import { until } from "./command.ts";
import { asking, hsflowd } from "./diagnosis.ts";
import { expectEnd } from "./expect-end.ts";
import { test } from "./fixture.ts";
import { connect, type Namespace, speakIpv6 } from "./namespaces.ts";
import type { Receiver } from "./receiver.ts";
import { makeZone } from "./zone.ts";

const hex = (address: string): string =>
  address
    .split(".")
    .map((part) => Number(part).toString(16).padStart(2, "0"))
    .join("");

let host: Namespace;
let receiver: Receiver;
const ip = (...words: string[]) => host.ip(...words);

/** A host with two network cards, a bridge with the lowest index of all, and a tunnel with a public address. */
test.beforeAll(async ({ folder, lab, atEnd, startReceiver }) => {
  const far = lab.namespace();
  host = lab.namespace();
  // Its resolv.conf names a server that does not answer.
  const zone = makeZone(host, folder.path);
  atEnd(zone.remove);
  receiver = await startReceiver(host);
  ip("link", "add", "docker0", "type", "bridge");
  ip("address", "add", "172.17.0.1/16", "dev", "docker0");
  ip("link", "set", "docker0", "up");
  connect("eth0", [host, "10.93.1.1"], [far, "10.93.1.2"]);
  connect("eth1", [host, "10.93.2.1"], [far, "10.93.2.2"]);
  ip("link", "add", "vxlan1", "type", "vxlan", "id", "1", "dstport", "4789");
  ip("address", "add", "198.51.100.1/24", "dev", "vxlan1");
  ip("link", "set", "vxlan1", "up");
});

const text = (more = ""): string =>
  `sflow { polling = 1 collector { ip = 127.0.0.1 udpport = ${receiver.port} } ${more} }`;

/** Expects datagrams with this address from now on, and the same address with its reason from explain. */
async function isElected(agent: Agent, address: string, device: string, why: RegExp): Promise<void> {
  const { length } = receiver.datagrams();
  await until(`${address} of ${device}`, () => receiver.datagrams().slice(length).at(-1)?.agent === hex(address), {
    evidence: () => `${agent.stdout()}${agent.stderr()}`,
  });
  const { stdout } = hsflowd(host, ["explain", "agent", asking(agent)]);
  const [first = "", , , best = ""] = stdout.split("\n");
  expect(first).toContain(`the agent address is ${address}: ${device}: `);
  expect(first).toMatch(why);
  expect(best).toMatch(new RegExp(`^ *\\d+ +${address.replaceAll(".", "\\.")} +${device} `));
}

test("the interface of the default route wins over bridges and tunnels, whenever the route is added, moved or deleted", async ({
  startAgent,
}) => {
  ip("route", "add", "default", "via", "10.93.2.2");
  const agent = startAgent(host, text());
  await isElected(agent, "10.93.2.1", "eth1", /default route$/);
  ip("route", "replace", "default", "via", "10.93.1.2");
  await isElected(agent, "10.93.1.1", "eth0", /default route$/);
  // IPv6 counts as well, but an unreachable route does not.
  ip("route", "del", "default");
  speakIpv6(host, "eth1", "2001:db8:93::1");
  ip("-6", "route", "add", "default", "via", "2001:db8:93::2", "dev", "eth1");
  await isElected(agent, "10.93.2.1", "eth1", /default route$/);
  ip("-6", "route", "add", "unreachable", "default", "metric", "1");
  await isElected(agent, "10.93.1.1", "eth0", /link up$/);
  ip("-6", "route", "del", "unreachable", "default");
  ip("-6", "route", "del", "default", "dev", "eth1");
  ip("address", "del", "2001:db8:93::1/64", "dev", "eth1");
  // An address that was deleted is no longer used.
  ip("address", "del", "10.93.1.1/24", "dev", "eth0");
  await isElected(agent, "10.93.2.1", "eth1", /link up$/);
  ip("address", "add", "10.93.1.1/24", "dev", "eth0");
  ip("route", "add", "default", "via", "10.93.2.2");
  await isElected(agent, "10.93.2.1", "eth1", /default route$/);
  await expectEnd(agent);
});

test("agent.cidr, its exclusions, agent and agentIP are set and removed by reloads", async ({ startAgent }) => {
  const agent = startAgent(host, text());
  const ask = (more: string) => {
    writeFileSync(agent.configuration, text(more));
    return hsflowd(host, ["reload", asking(agent)]);
  };
  await isElected(agent, "10.93.2.1", "eth1", /default route$/);
  ask("agent.cidr = !10.93.2.0/24");
  await isElected(agent, "10.93.1.1", "eth0", /link up$/);
  expect(hsflowd(host, ["explain", "agent", asking(agent)]).stdout).toMatch(
    /^never +10\.93\.2\.1 +eth1 .*excluded by agent\.cidr$/m,
  );
  ask("agent.cidr = 198.51.100.0/24 agent.cidr = 10.0.0.0/8");
  await isElected(agent, "198.51.100.1", "vxlan1", /agent\.cidr rule 1$/);
  ask("agent = docker0");
  await isElected(agent, "172.17.0.1", "docker0", /named by agent =$/);

  ask("agentIP = 192.0.2.7");
  await until("an address of nobody's", () => receiver.datagrams().at(-1)?.agent === hex("192.0.2.7"));
  // A file that is refused changes nothing, even where only its last setting is invalid.
  const refused = ask("agentIP = nobody.invalid polling.app = 3 headerBytes = 64");
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain("agentIP: nobody.invalid has no address");
  const { length } = receiver.datagrams();
  await receiver.until("more under the same address", (all) => all.length > length + 1);
  expect(receiver.datagrams().at(-1)?.agent).toBe(hex("192.0.2.7"));
  ask("");
  await isElected(agent, "10.93.2.1", "eth1", /default route$/);
  await expectEnd(agent);
});
