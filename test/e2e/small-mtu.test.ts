// A router with a small MTU behind it, whose reports of it are filtered: a black hole for long packets. RFC 2923.

import { expect } from "vitest";
import { asking, hsflowd } from "./diagnosis.ts";
import { test as base } from "./fixture.ts";
import { flood } from "./flood.ts";
import { connect, speakIpv6 } from "./namespaces.ts";

const LONG = 1300;

/** A host whose collector is behind a router. Its datagrams are full when 60 packets were sampled. */
const test = base.extend("behindRouter", { scope: "file" }, ({ lab, startAgent, startReceiver }) => {
  const [host, router, far] = [lab.namespace(), lab.namespace(), lab.namespace()];
  const [cable] = connect("eth0", [host, "10.9.41.1"], [router, "10.9.41.2"]);
  connect("eth1", [router, "10.9.42.1"], [far, "10.9.42.2"]);
  const ends = [
    [host, "eth0", "2001:db8:41::1"],
    [router, "eth0", "2001:db8:41::2"],
    [router, "eth1", "2001:db8:42::1"],
    [far, "eth1", "2001:db8:42::2"],
  ] as const;
  for (const [namespace, device, address] of ends) speakIpv6(namespace, device, address);
  for (const namespace of [router, far]) {
    namespace.ip("link", "set", "eth1", "mtu", "1280");
    namespace.run("ip6tables", "-A", "OUTPUT", "-p", "icmpv6", "--icmpv6-type", "packet-too-big", "-j", "DROP");
  }
  router.run("iptables", "-A", "OUTPUT", "-p", "icmp", "--icmp-type", "fragmentation-needed", "-j", "DROP");
  router.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
  host.ip("route", "add", "10.9.42.0/24", "via", "10.9.41.2");
  far.ip("route", "add", "10.9.41.0/24", "via", "10.9.42.1");
  host.ip("route", "add", "2001:db8:42::/64", "via", "2001:db8:41::2");
  far.ip("route", "add", "2001:db8:41::/64", "via", "2001:db8:42::1");
  return async (collector: string) => {
    const receiver = await startReceiver(far, { address: collector });
    const agent = startAgent(
      host,
      `sflow {
        agentIP = 10.9.41.1
        polling = 1
        collector { ip = ${collector} udpport = ${receiver.port} }
        pcap { dev = eth0 sampling = 1 }
      }`,
    );
    await agent.taps(cable.index);
    await flood(router, { to: "10.9.41.99", packets: 60 });
    return { host, receiver, agent, doctor: () => hsflowd(host, ["doctor", asking(agent)]) };
  };
});

test("long datagrams arrive by IPv4, in fragments", async ({ behindRouter }) => {
  const { receiver, agent, doctor } = await behindRouter("10.9.42.2");
  const flows = await receiver.until("60 samples", (all) => all.flatMap((one) => one.flows).length >= 60);
  expect(flows.map(({ sequence }) => sequence)).toEqual(flows.map((_, i) => i + 1));
  expect(Math.max(...receiver.received().map(({ payload }) => payload.length))).toBeGreaterThan(LONG);
  expect(doctor().stdout).toMatch(/^nothing is wrong\n/);
  await agent.stop();
});

test("doctor names the loss of long datagrams by IPv6, which no router may fragment", async ({ behindRouter }) => {
  const { agent, doctor } = await behindRouter("2001:db8:42::2");
  const { stdout, status } = doctor();
  expect(stdout).toMatch(/^\[2001:db8:42::2\]:\d+: datagrams of 1400 bytes are lost on the way: .*\n {2}remedy: set/);
  expect(status).toBe(1);
  await agent.stop();
});
