// Connections whose addresses do not tell their host: link-local ones, and those of interfaces on top of others.

import { sleep } from "./command.ts";
import { test } from "./fixture.ts";
import { connect, type Namespace, speakIpv6 } from "./namespaces.ts";
import { expectSame } from "./ss.ts";
import { tcpSamples } from "./tcp-samples.ts";
import { indexOf, sampled, talked } from "./tcp-talk.ts";

const WORDS = { times: 3, size: 20_000, silence: 200 };

test("one link-local address at two interfaces makes two connections", async ({ folder, lab }) => {
  const host = lab.namespace();
  const far = lab.namespace();
  const cables = ["eth0", "eth1"].map((device, i) => {
    const [cable] = connect(device, [host, `10.26.${i}.1`], [far, `10.26.${i}.2`]);
    for (const [namespace, address] of [
      [host, "fe80::1"],
      [far, "fe80::2"],
    ] as const) {
      namespace.ip("link", "set", device, "mtu", `${1500 - 100 * i}`);
      speakIpv6(namespace, device, address);
    }
    return cable;
  });
  const { agent, receiver } = await sampled(host, folder, { address: "127.0.0.1", devices: ["eth0", "eth1"] });
  const talk = { client: host, server: far, listens: "::", ...WORDS };
  const heard = [
    await talked({ ...talk, address: "fe80::2%eth0" }),
    await talked({ ...talk, address: "fe80::2%eth1" }),
  ];
  await agent.stop();
  const samples = tcpSamples(receiver.datagrams());
  for (const [i, { index }] of cables.entries()) expectSame(samples, index, heard[i] ?? [], 1500 - 100 * i);
});

/** Adds an interface of type macvlan on `parent` of `host`, in `inside`. */
function macvlan(host: Namespace, parent: string, inside: Namespace, name: string, address: string): void {
  const where = inside === host ? [] : ["netns", inside.name];
  host.ip("link", "add", name, "link", parent, ...where, "type", "macvlan", "mode", "bridge");
  inside.ip("address", "add", `${address}/24`, "dev", name);
  inside.ip("link", "set", name, "mtu", "1400", "up");
}

test("a macvlan's connections have their figures at its parent and at itself", async ({ folder, lab }) => {
  const host = lab.namespace();
  const far = lab.namespace();
  const inside = lab.namespace();
  const [cable] = connect("eth0", [host, "10.27.0.1"], [far, "10.27.0.2"]);
  macvlan(host, "eth0", inside, "mv0", "10.27.0.5");
  macvlan(host, "eth0", host, "mv1", "10.28.0.1");
  macvlan(far, "eth0", far, "mv1", "10.28.0.2");
  const { agent, receiver } = await sampled(host, folder, { address: "127.0.0.1", devices: ["eth0", "mv1"] });
  await sleep(500);
  const contained = await talked({ client: inside, server: far, address: "10.27.0.2", ...WORDS });
  const own = await talked({ client: host, server: far, address: "10.28.0.2", ...WORDS });
  await agent.stop();
  const samples = tcpSamples(receiver.datagrams());
  expectSame(samples, cable.index, contained, 1400);
  expectSame(samples, indexOf(host, "mv1"), own, 1400);
});
