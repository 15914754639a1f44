// The uplinks of physical hosts, cloud instances and containers.

import { expect, it } from "vitest";
import type { Adaptor } from "../../agent/interfaces/adaptor.ts";
import { isPort, uplinks } from "../../agent/interfaces/uplinks.ts";
import { adaptorWith } from "./adaptor.ts";

const lo = adaptorWith({ index: 1, name: "lo", loopback: true, hardwareType: 772 });
const named = (...all: Adaptor[]) => [...uplinks([lo, ...all]).values()].map((adaptor) => adaptor.name);
let index = 1;
const link = (name: string, kind?: string, more: Partial<Adaptor> = {}) =>
  adaptorWith({ index: ++index, name, kind, ...more });

it("counts the cards of bonds, VLANs, bridges and tunnels, but not these themselves", () => {
  const [eno1, eno2] = [link("eno1", undefined, { master: 9 }), link("eno2", undefined, { master: 9, adminUp: false })];
  const above = ["bond", "vlan", "bridge", "vxlan", "wireguard", "ifb", "dummy", "veth", "tun"].map((kind) =>
    link(kind, kind),
  );
  expect(named(eno1, eno2, ...above)).toEqual(["eno1", "eno2"]);
});

it("counts a virtual function once, by the card that it is a member of", () => {
  const eth0 = link("eth0");
  const vf = link("enP1s0", undefined, { master: eth0.index });
  expect(named(eth0, vf)).toEqual(["eth0"]);
});

it("counts mobile broadband and InfiniBand, whose drivers register a kind", () => {
  expect(named(link("wwan0", "wwan"), link("ib0", "ipoib"))).toEqual(["wwan0", "ib0"]);
});

it("counts a container's end of a pair, but not the ends that lead to containers inside it", () => {
  const docker0 = link("docker0", "bridge");
  const inner = link("veth1", "veth", { linkNamespace: 1, master: docker0.index });
  expect(named(link("eth0", "veth", { linkNamespace: 0 }), docker0, inner)).toEqual(["eth0"]);
  expect(named(link("net1", "macvlan", { linkNamespace: 0 }))).toEqual(["net1"]);
});

it("counts VLANs and macvlans whose parent is elsewhere, also beside a card, and not those on a parent here", () => {
  const eth0 = link("eth0", "vlan", { link: 5, linkNamespace: 0 });
  expect(named(eth0, link("eth0.7", "vlan", { link: eth0.index }))).toEqual(["eth0"]);
  const card = link("vf0");
  const above = [link("vf0.7", "vlan", { link: card.index }), link("net1", "macvlan", { link: 5, linkNamespace: 0 })];
  expect(named(card, ...above, link("eth0", "veth", { link: 6, linkNamespace: 0 }))).toEqual(["vf0", "net1"]);
});

it("counts the ends of pairs in a bond, a team or a VRF", () => {
  for (const kind of ["bond", "team", "vrf"]) {
    const master = link(`${kind}0`, kind);
    const ends = ["eth0", "eth1"].map((name) =>
      link(name, "veth", { link: 5, linkNamespace: 0, master: master.index }),
    );
    expect(named(master, ...ends), kind).toEqual(["eth0", "eth1"]);
  }
});

it("counts a tunnel whose outer packets are elsewhere, and a WireGuard interface that stands alone", () => {
  expect(named(link("gt0", "gretap", { link: 5, linkNamespace: 0 }), link("gre0", "gre"))).toEqual(["gt0"]);
  expect(named(link("wg0", "wireguard"))).toEqual(["wg0"]);
});

it("counts a port of Open vSwitch where the switch is elsewhere", () => {
  expect(named(link("p0", "openvswitch"))).toEqual(["p0"]);
  const [system, internal] = [link("ovs-system", "openvswitch"), link("br0", "openvswitch")];
  const outer = link("eth0", "veth", { link: 5, linkNamespace: 0, master: system.index });
  const inner = link("veth1", "veth", { link: 2, linkNamespace: 1, master: system.index });
  expect(named(system, internal, outer, inner)).toEqual(["eth0"]);
});

it("counts the card of a container that is a port of a bridge inside it, but not the ports to inner containers", () => {
  const bridge = link("br0", "bridge");
  const inner = link("veth1", "veth", { link: 2, linkNamespace: 3, master: bridge.index });
  const outer = link("eth0", "veth", { link: 5, linkNamespace: 0, master: bridge.index });
  expect(named(bridge, inner, outer)).toEqual(["eth0"]);
  expect(named(bridge, inner, link("tap0", "tun"))).toEqual(["tap0"]);
});

it("leaves out a pair with both ends in this namespace, and interfaces whose parent is in this namespace", () => {
  const [one, other] = [link("veth1", "veth"), link("veth2", "veth")];
  const pair = [
    { ...one, link: other.index },
    { ...other, link: one.index },
  ];
  const above = link("mv0", "macvlan", { link: one.index });
  expect(named(...pair, above)).toEqual([]);
});

it("counts the tun device of a container that has no other interface", () => {
  expect(named(link("tap0", "tun"))).toEqual(["tap0"]);
  expect(named()).toEqual([]);
});

it("recognizes the host's ends of links to containers and virtual machines", () => {
  expect([isPort(link("veth9", "veth")), isPort(link("vnet0", "tun")), isPort(link("macvtap0", "macvtap"))]).toEqual([
    true,
    true,
    true,
  ]);
  expect([
    isPort(link("tun0", "tun", { hardwareType: 65534 })),
    isPort(link("eth0")),
    isPort(link("br0", "bridge")),
  ]).toEqual([false, false, false]);
});
