// The uplinks of physical hosts, cloud instances and containers.

import { expect, it } from "vitest";
import type { Adaptor } from "../../agent/interfaces/adaptor.ts";
import { isPort, uplinks } from "../../agent/interfaces/uplinks.ts";
import { adaptorWith } from "./adaptor.ts";

const lo = adaptorWith({ index: 1, name: "lo", loopback: true, hardwareType: 772 });
const named = (...all: Adaptor[]) => uplinks([lo, ...all]).map((adaptor) => adaptor.name);
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
  const inner = link("veth1", "veth", { linkNamespace: 1, master: 7 });
  expect(named(link("eth0", "veth", { linkNamespace: 0 }), link("docker0", "bridge"), inner)).toEqual(["eth0"]);
  expect(named(link("net1", "macvlan", { linkNamespace: 0 }))).toEqual(["net1"]);
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
