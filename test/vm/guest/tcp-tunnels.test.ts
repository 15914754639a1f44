// Connections inside tunnels, sampled where the tunnel's own packets pass, compared with ss(8). ip-link(8).

import { expect } from "vitest";
import { sleep } from "../../e2e/command.ts";
import { test } from "../../e2e/fixture.ts";
import { type Namespace, speakIpv6 } from "../../e2e/namespaces.ts";
import { ssInfo } from "../../e2e/ss.ts";
import { annotations } from "../../e2e/tcp-samples.ts";
import { listened, SLOWLY, sampled, served } from "../../e2e/tcp-talk.ts";

const [NEAR, FAR] = ["10.31.0.1", "10.31.0.2"];
const [NEAR_6, FAR_6] = ["fd31::1", "fd31::2"];

interface Tunnel {
  /** Type and options, for ip-link(8). */
  readonly link: string;
  /** IP versions of the tunnel's own packets, and of the packets in it. */
  readonly outer: 4 | 6;
  readonly inner: 4 | 6;
}

const tunnels: Tunnel[] = [
  { link: "vxlan id 5 dstport 4789", outer: 4, inner: 6 },
  { link: "vxlan id 6 dstport 4789", outer: 6, inner: 4 },
  { link: "geneve id 7", outer: 4, inner: 6 },
  { link: "gre", outer: 4, inner: 4 },
  { link: "gre key 8 csum seq", outer: 4, inner: 6 },
  { link: "gretap", outer: 4, inner: 4 },
  { link: "ipip", outer: 4, inner: 4 },
  { link: "sit", outer: 4, inner: 6 },
  { link: "ip6tnl mode any", outer: 6, inner: 4 },
];

/** Connects both by a bridge in namespace `wire`: behind a plain veth pair, far would count as a container. */
function plug(wire: Namespace, host: Namespace, far: Namespace): void {
  wire.ip("link", "add", "br0", "type", "bridge");
  wire.ip("link", "set", "br0", "up");
  for (const [at, name, address, address6] of [
    [host, "near", NEAR, NEAR_6],
    [far, "far", FAR, FAR_6],
  ] as const) {
    wire.ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", at.name);
    wire.ip("link", "set", name, "master", "br0", "up");
    at.ip("address", "add", `${address}/24`, "dev", "eth0");
    at.ip("link", "set", "eth0", "up");
    speakIpv6(at, "eth0", address6);
  }
}

const mtuOf = (number: number): number => 1400 - 4 * number;

function open({ link, outer }: Tunnel, number: number, at: Namespace, end: 1 | 2): void {
  const name = `tunnel${number}`;
  const ends = outer === 4 ? [NEAR, FAR] : [NEAR_6, FAR_6];
  const [local = "", remote = ""] = end === 1 ? ends : ends.toReversed();
  const [kind = "", ...options] = link.split(" ");
  const addresses = kind === "geneve" ? ["remote", remote] : ["local", local, "remote", remote];
  at.ip("link", "add", name, "type", kind, ...addresses, ...options);
  at.ip("address", "add", `10.32.${number}.${end}/24`, "dev", name);
  at.ip("link", "set", name, "mtu", `${mtuOf(number)}`, "up");
  speakIpv6(at, name, `fd32:0:0:${number}::${end}`);
}

/** Returns whether a sampled header has these two ports next to each other. */
const hasPorts = (header: Buffer, from: number, to: number): boolean =>
  header.includes(Buffer.from(Uint16Array.of(from, to).buffer).swap16());

test("connections inside tunnels, where the tunnels' own packets are sampled", async ({ folder, lab }) => {
  const host = lab.namespace();
  const far = lab.namespace();
  plug(lab.namespace(), host, far);
  tunnels.forEach((tunnel, number) => {
    open(tunnel, number, host, 1);
    open(tunnel, number, far, 2);
  });
  await sleep(1000);
  const { agent, receiver } = await sampled(host, folder, { address: "127.0.0.1", tcp: "tunnel = on" });
  const serving = await served(far, "::");
  const all = await Promise.all(
    tunnels.map(async ({ inner, link }, number) => {
      const address = inner === 4 ? `10.32.${number}.2` : `fd32:0:0:${number}::2`;
      return { link, number, heard: await listened({ client: host, server: far, address, ...SLOWLY }) };
    }),
  );
  await serving.stop();
  await agent.stop();
  const samples = annotations(receiver.datagrams());
  for (const { link, number, heard } of all) {
    for (const { time, port, ss } of heard) {
      const own = samples.filter(({ header }) => hasPorts(header, port, 7000) || hasPorts(header, 7000, port));
      expect(new Set(own.map(({ info }) => info["dir"])), link).toEqual(new Set([1, 2]));
      const { dir: _, ...info } = own.filter(({ taken }) => taken < time).at(-1)?.info ?? {};
      expect(info, `${link}: ${ss}`).toEqual(ssInfo(ss));
      expect(info["pmtu"], link).toBe(mtuOf(number));
    }
  }
});
