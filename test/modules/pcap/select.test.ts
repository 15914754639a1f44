// Which block matches an interface, the sampling rate, and the reason if an interface is left out.

import { describe, expect, it } from "vitest";
import { PosixRegex } from "../../../agent/config/posix-regex.ts";
import type { PcapConfig } from "../../../agent/modules/pcap/config.ts";
import { decide } from "../../../agent/modules/pcap/select.ts";
import { adaptor, FakeInterfaces } from "../../fakes/interfaces.ts";
import { block } from "./block.ts";

const settings = { samplingRate: () => ({ rate: 1000, why: "speed 1G / 1000000" }) };
const eth0 = adaptor(2, "eth0");
/** Decides about an interface of a host that has a network card. */
const of = (blocks: PcapConfig[], interface_ = eth0) =>
  decide(blocks, interface_, { interfaces: new FakeInterfaces(eth0, interface_), settings });

describe("a block", () => {
  it("without a criterion matches hardware, loopback, bridges and tunnels", () => {
    const blocks = [block()];
    for (const each of [
      eth0,
      adaptor(1, "lo", { hardwareType: 772, loopback: true, speed: 0 }),
      adaptor(3, "br0", { kind: "bridge" }),
      adaptor(4, "tun0", { kind: "tun", hardwareType: 65534 }),
    ])
      expect(of(blocks, each)).toMatchObject({ block: blocks[0], rate: 1000 });
  });

  it.each(["bond", "team", "vlan", "veth", "netkit", "openvswitch"])("takes a %s only by its exact name", (kind) => {
    const each = adaptor(5, "x5", { kind });
    const pattern = block({ "dev.pattern": new PosixRegex("^x") });
    expect(of([block(), pattern], each)).toMatchObject({ block: undefined, rate: 0 });
    expect(of([block()], each).why).toContain("pcap { dev=x5 } samples it anyway");
    expect(of([block({ dev: "x5" }), pattern], each).rate).toBe(1000);
  });

  it("takes a veth, a VLAN or a port of Open vSwitch that is the network card of a container", () => {
    for (const kind of ["veth", "vlan", "openvswitch"]) {
      const card = adaptor(5, "eth0", { kind, link: 9, linkNamespace: kind === "openvswitch" ? undefined : 0 });
      const interfaces = new FakeInterfaces(card);
      expect(decide([block()], card, { interfaces, settings }), kind).toMatchObject({ rate: 1000 });
    }
  });

  it("names a port by any name of the kernel or by that of a port provider", () => {
    const port = adaptor(2, "Ethernet0", { device: "eth0", alternativeNames: ["enp3s0"] });
    const named = (dev: string) => of([block({ dev })], port).rate;
    expect([named("Ethernet0"), named("eth0"), named("enp3s0"), named("eth1")]).toEqual([1000, 1000, 1000, 0]);
  });

  it("matches if name, pattern and speed all match", () => {
    const all = block({ "dev.pattern": new PosixRegex("^eth"), speed: { from: 1e8, to: 1e9 } });
    expect(of([all]).block).toBe(all);
    expect(of([all], adaptor(2, "wlan0")).block).toBeUndefined();
    expect(of([all], adaptor(2, "eth0", { speed: 1e9 + 1 }))).toMatchObject({
      block: undefined,
      why: "its speed, 1000000001, is not in pcap { speed=100M-1G }",
    });
    expect(of([block({ dev: "eth1" })])).toMatchObject({ block: undefined, why: "no pcap { } block matches" });
  });

  it("takes precedence over earlier blocks", () => {
    const [first, second] = [block({ sampling: 10 }), block({ "dev.pattern": new PosixRegex("0$"), sampling: 20 })];
    expect(of([first, second]).rate).toBe(20);
    expect(of([second, first]).rate).toBe(10);
    expect(of([first, second], adaptor(3, "eth1")).rate).toBe(10);
  });

  it("matches no interface by itself if it is dynamic", () => {
    expect(of([block({ dynamic: true })])).toMatchObject({ block: undefined, rate: 0 });
    expect(of([block({ dynamic: true })]).why).toContain("dynamic=on");
  });
});

describe("the rate", () => {
  it("is that of the block, or else depends on the speed, with the reason", () => {
    expect(of([block({ sampling: 7 })])).toMatchObject({ rate: 7, why: "pcap { sampling=7 }" });
    expect(of([block()])).toMatchObject({ rate: 1000, why: "speed 1G / 1000000" });
  });

  it("is 0 if the interface is down or the block says so", () => {
    const down = adaptor(2, "eth0", { adminUp: false });
    expect(of([block({ sampling: 7 })], down)).toMatchObject({ rate: 0, why: "the interface is down" });
    expect(of([block({ sampling: 0 })])).toMatchObject({ rate: 0, why: "pcap { sampling=0 }" });
  });
});
