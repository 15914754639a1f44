// Connections in a VRF and of an ipvlan, which not every kernel has, compared with ss(8). kernel: networking/vrf,
// networking/ipvlan.

import { sleep } from "../../e2e/command.ts";
import { test } from "../../e2e/fixture.ts";
import { behind, connect, speakIpv6 } from "../../e2e/namespaces.ts";
import { expectSame } from "../../e2e/ss.ts";
import { tcpSamples } from "../../e2e/tcp-samples.ts";
import { indexOf, SLOWLY, sampled, talked } from "../../e2e/tcp-talk.ts";

test("connections in a VRF, at its interface and at itself", async ({ folder, lab }) => {
  const host = lab.namespace();
  const far = lab.namespace();
  host.ip("link", "add", "red", "type", "vrf", "table", "10");
  host.ip("link", "set", "red", "up");
  const [cable] = connect("eth0", [host, "10.29.0.1"], [far, "10.29.0.2"]);
  host.ip("link", "set", "eth0", "master", "red");
  speakIpv6(host, "eth0", "fe80::1");
  speakIpv6(far, "eth0", "fe80::2");
  const { agent, receiver } = await sampled(host, folder, { address: "127.0.0.1", devices: ["eth0", "red"] });
  const inside = behind(host, "ip", "vrf", "exec", "red");
  const client = { client: inside, server: far, ...SLOWLY };
  const [linkLocal, ...global] = await Promise.all([
    talked({ ...client, address: "fe80::2%eth0" }),
    talked({ ...client, address: "10.29.0.2" }),
    talked({ client: far, server: inside, address: "10.29.0.1", listens: "::", atServer: true, ...SLOWLY }),
  ]);
  await agent.stop();
  const samples = tcpSamples(receiver.datagrams());
  for (const heard of [linkLocal, ...global]) expectSame(samples, cable.index, heard, 1500);
  // In a VRF the kernel hides link-local connections.
  for (const heard of global) expectSame(samples, indexOf(host, "red"), heard, 1500);
});

test("connections of an ipvlan in a namespace of its own, at its parent", async ({ folder, lab }) => {
  const host = lab.namespace();
  const far = lab.namespace();
  const inside = lab.namespace();
  const [cable] = connect("eth0", [host, "10.30.0.1"], [far, "10.30.0.2"]);
  const where = ["link", "eth0", "netns", inside.name];
  host.ip("link", "add", "ipv0", ...where, "type", "ipvlan", "mode", "l2");
  inside.ip("address", "add", "10.30.0.5/24", "dev", "ipv0");
  inside.ip("link", "set", "ipv0", "mtu", "1400", "up");
  const { agent, receiver } = await sampled(host, folder, { address: "127.0.0.1" });
  await sleep(2000);
  const heard = await talked({ client: inside, server: far, address: "10.30.0.2", ...SLOWLY });
  await agent.stop();
  expectSame(tcpSamples(receiver.datagrams()), cable.index, heard, 1400);
});
