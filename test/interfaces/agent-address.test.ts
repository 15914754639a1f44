// Election of the agent address: uplinks before bridges, named devices and CIDR rules before both.

import { describe, expect, it } from "vitest";
import type { CidrRule } from "../../agent/config/address.ts";
import type { Adaptor } from "../../agent/interfaces/adaptor.ts";
import { electedOf, namedInVain, rankAgentAddresses } from "../../agent/interfaces/agent-address.ts";
import { adaptorWith } from "./adaptor.ts";

const ip = (text: string): Uint8Array => Uint8Array.from(text.split(".").map(Number));
const ip6 = (first: number, second: number, last: number): Uint8Array =>
  Uint8Array.from({ length: 16 }, (_, i) => (i === 0 ? first : i === 1 ? second : i === 15 ? last : 0));

const adaptor = (index: number, name: string, addresses: Uint8Array[], more: Partial<Adaptor> = {}): Adaptor =>
  adaptorWith({
    index,
    name,
    addresses: addresses.map((bytes) => ({ bytes, prefixLength: 24, flags: 0, scope: 0 })),
    ...more,
  });

const lo = adaptor(1, "lo", [ip("127.0.0.1")], { loopback: true });
const eth0 = adaptor(5, "eth0", [ip("10.1.1.1")]);
const docker0 = adaptor(2, "docker0", [ip("172.17.0.1")], { kind: "bridge" });
const none = { device: undefined, cidrs: [], defaultRoutes: [] };
const elected = (adaptors: Adaptor[], preference = {}) =>
  electedOf(rankAgentAddresses(adaptors, { ...none, ...preference }))?.bytes.join(".");
const cidr = (text: string, prefixLength: number, exclude = false): CidrRule => ({
  bytes: ip(text),
  prefixLength,
  exclude,
});

describe("the agent address", () => {
  it("prefers a network card to a bridge with a lower ifIndex", () => {
    expect(elected([lo, docker0, eth0])).toBe("10.1.1.1");
  });

  it("prefers the default route's interface to a public address on a tunnel", () => {
    const tun0 = adaptor(3, "tun0", [ip("8.8.8.1")], { kind: "tun" });
    expect(elected([lo, tun0, eth0], { defaultRoutes: [eth0.index] })).toBe("10.1.1.1");
  });

  it("prefers the network card of a container to a public address on a tunnel", () => {
    const vxlan1 = adaptor(3, "vxlan1", [ip("8.8.8.1")], { kind: "vxlan" });
    const end = { ...eth0, kind: "veth", link: 9, linkNamespace: 0 };
    expect(elected([lo, docker0, vxlan1, end])).toBe("10.1.1.1");
    const onHost = { ...end, addresses: adaptor(5, "", [ip("8.8.4.1")]).addresses };
    expect(elected([lo, onHost, adaptor(6, "eth1", [ip("10.2.2.2")])])).toBe("10.2.2.2");
  });

  it("prefers a routable address to a link-local one, even to one on the default route's interface", () => {
    const unnumbered = adaptor(3, "swp1", [ip6(0xfe, 0x80, 1)]);
    expect(elected([unnumbered, eth0], { defaultRoutes: [3] })).toBe("10.1.1.1");
  });

  it("ranks an address on the loopback after network cards, before bridges and link-local addresses", () => {
    const own = adaptor(1, "lo", [ip("127.0.0.1"), ip("10.0.0.11")], { loopback: true });
    const unnumbered = adaptor(3, "swp1", [ip6(0xfe, 0x80, 1)]);
    expect(elected([own, docker0, unnumbered], { defaultRoutes: [3] })).toBe("10.0.0.11");
    expect(elected([own, eth0])).toBe("10.1.1.1");
  });

  it("prefers a public address to a private one on equal interfaces", () => {
    expect(elected([eth0, adaptor(6, "eth1", [ip("8.8.8.1")])])).toBe("8.8.8.1");
  });

  it("follows agent = DEV, by name, by alternative name and by alias", () => {
    expect(elected([eth0, docker0], { device: "docker0" })).toBe("172.17.0.1");
    expect(elected([eth0, { ...docker0, alternativeNames: ["containers"] }], { device: "containers" })).toBe(
      "172.17.0.1",
    );
    expect(elected([eth0, adaptor(9, "eth9", [ip("10.9.9.9")], { alias: "uplink" })], { device: "uplink" })).toBe(
      "10.9.9.9",
    );
  });

  it("reports agent = DEV if DEV has no usable address, but not if agent.cidr outranks it", () => {
    const inVain = (device: string | undefined, ...cidrs: CidrRule[]) =>
      namedInVain(rankAgentAddresses([eth0, docker0], { ...none, device, cidrs }), device);
    expect(elected([eth0, docker0], { device: "docker0", cidrs: [cidr("10.0.0.0", 8)] })).toBe("10.1.1.1");
    expect(inVain("docker0", cidr("10.0.0.0", 8))).toBeUndefined();
    expect(inVain("eth1")).toContain("agent = eth1: this interface does not exist");
    expect(inVain("docker0", cidr("172.16.0.0", 12, true))).toContain("does not exist or has no usable address");
    expect(inVain(undefined)).toBeUndefined();
  });

  it("ignores aliases if agent = is not set", () => {
    const aliased = adaptor(9, "eth9", [ip("8.8.8.1")], { alias: "uplink" });
    expect(elected([eth0, aliased])).toBe("8.8.8.1");
  });

  it("follows the rules and exclusions of agent.cidr, earlier ones first", () => {
    const eth1 = adaptor(6, "eth1", [ip("192.168.7.7")]);
    expect(elected([eth0, eth1], { cidrs: [cidr("192.168.0.0", 16), cidr("10.0.0.0", 8)] })).toBe("192.168.7.7");
    expect(elected([eth0, eth1], { cidrs: [cidr("10.1.1.0", 25, true)] })).toBe("192.168.7.7");
    expect(elected([eth0], { cidrs: [cidr("10.1.1.0", 25, true)] })).toBeUndefined();
  });

  it("elects IPv6 if there is no IPv4: global, then unique-local, then link-local", () => {
    const addresses = [ip6(0xfe, 0x80, 1), ip6(0xfd, 0, 2), ip6(0x20, 0x01, 3)];
    const ranked = rankAgentAddresses([adaptor(2, "eth0", addresses)], none);
    expect(ranked.map((candidate) => candidate.bytes[15])).toEqual([3, 2, 1]);
  });

  it("falls back to the loopback, and elects nothing on a host without addresses", () => {
    expect(elected([lo])).toBe("127.0.0.1");
    expect(elected([])).toBeUndefined();
  });
});
