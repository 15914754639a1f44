// Elects the agent address, by which collectors identify this host. The score is that of hsflowd, except that network
// cards rank above bridges and tunnels. See SFLOW-MIB, sFlowAgentAddress.

import { type CidrRule, isLinkLocal } from "../config/address.ts";
import type { Adaptor, AdaptorAddress } from "./adaptor.ts";
import { hasName } from "./names.ts";
import { uplinks } from "./uplinks.ts";

/** The interfaces and prefixes that the election prefers. */
export interface Preference {
  /** Name or alias of the interface to prefer: `agent = DEV`. */
  readonly device: string | undefined;
  readonly cidrs: readonly CidrRule[];
  /** ifIndexes of the interfaces that default routes use. */
  readonly defaultRoutes: readonly number[];
}

/** An address of this host with its score in the election. */
export interface Candidate {
  readonly bytes: Uint8Array;
  readonly device: string;
  readonly ifIndex: number;
  readonly score: number;
  /** True for an address of the interface that `agent =` names. */
  readonly named: boolean;
  /** True for an address excluded by `agent.cidr = !`. */
  readonly excluded: boolean;
  /** Reasons for the score in words, for the command `explain`. */
  readonly why: readonly string[];
}

/** Number of address classes, 0 to 12. The interface score has this weight, so it outweighs any address class. */
const ADDRESS_CLASSES = 13;
/** Weight of the keys `agent` and `agent.cidr`, which outweigh any interface score (0 to 3) and address class. */
const DEVICE_STEP = ADDRESS_CLASSES * 4;
const IFA_F_SECONDARY_OR_TEMPORARY = 0x01;
const IFA_F_UNUSABLE = 0x20 | 0x40 | 0x08;
const BRIDGES_AND_ENDS = ["bridge", "openvswitch", "veth", "netkit", "dummy", "ifb"];
const TUNNELS = ["tun", "vxlan", "geneve", "bareudp", "wireguard", "ovpn", "gtp", "xfrm", "vti", "vti6"];
const IP_TUNNELS = ["gre", "gretap", "erspan", "ipip", "sit", "ip6tnl", "ip6gre", "ip6gretap", "ip6erspan"];
const VIRTUAL = new Set([...BRIDGES_AND_ENDS, ...TUNNELS, ...IP_TUNNELS]);

const within = (address: Uint8Array, prefix: Uint8Array, length: number): boolean => {
  if (address.length !== prefix.length) return false;
  const whole = length >> 3;
  for (let i = 0; i < whole; i++) if (address[i] !== prefix[i]) return false;
  const rest = length & 7;
  return rest === 0 || (((address[whole] ?? 0) ^ (prefix[whole] ?? 0)) & (0xff << (8 - rest))) === 0;
};

const isPrivate = ([a = 0, b = 0]: Uint8Array): boolean =>
  a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168);

const isLoopback6 = (bytes: Uint8Array): boolean => bytes.every((byte, i) => byte === (i === 15 ? 1 : 0));

/** Up to this class, addresses are unusable outside this host or link, so the interface adds nothing to the score. */
const LAST_LOCAL_CLASS = 6;

function classify4(bytes: Uint8Array): [number, string] {
  const [a = 0, b = 0] = bytes;
  if (a === 127) return [4, "IPv4 loopback"];
  if (a === 169 && b === 254) return [5, "IPv4 link-local"];
  if (isPrivate(bytes)) return [11, "IPv4 private"];
  if (a >= 240) return [1, "IPv4 class E"];
  if (a >= 224 || a === 0) return [0, "not a host address"];
  return [12, "IPv4 public"];
}

function classify6(bytes: Uint8Array): [number, string] {
  const [a = 0] = bytes;
  if (isLoopback6(bytes)) return [3, "IPv6 loopback"];
  if (isLinkLocal(bytes)) return [6, "IPv6 link-local"];
  if ((a & 0xfe) === 0xfc) return [9, "IPv6 unique-local"];
  if (a === 0xff) return [0, "not a host address"];
  return [10, "IPv6 global"];
}

/**
 * Returns a score from 0 to 3; the highest is best: 3 if a default route uses the interface, 2 for a network card that
 * is up, 1 for a loopback or another virtual interface that is up, 0 for an interface that is down.
 *
 * In a container, the interface that leads out counts as a network card. The loopback ranks below cards. In routed
 * fabrics it may have the host's own address, but it may also have anycast addresses that many hosts share.
 */
function scoreDevice(adaptor: Adaptor, preference: Preference, isCard: boolean, why: string[]): number {
  if (adaptor.loopback) {
    why.push("loopback interface");
    return 1;
  }
  if (preference.defaultRoutes.includes(adaptor.index) && adaptor.operUp) {
    why.push("default route");
    return 3;
  }
  if (!isCard && VIRTUAL.has(adaptor.kind ?? "")) {
    why.push(`${adaptor.kind} interface`);
    return adaptor.operUp ? 1 : 0;
  }
  why.push(adaptor.operUp ? "link up" : "link down");
  return adaptor.operUp ? 2 : 0;
}

/** Returns the score of the first rule that matches. Earlier rules have higher scores; -1 means excluded. */
function scoreCidr(bytes: Uint8Array, rules: readonly CidrRule[], why: string[]): number {
  for (const [i, rule] of rules.entries()) {
    if (!within(bytes, rule.bytes, rule.prefixLength)) continue;
    why.push(rule.exclude ? "excluded by agent.cidr" : `agent.cidr rule ${i + 1}`);
    return rule.exclude ? -1 : rules.length - i;
  }
  return 0;
}

function scoreAddress(adaptor: Adaptor, address: AdaptorAddress, preference: Preference, isCard: boolean): Candidate {
  const why: string[] = [];
  const [addressClass, words] = (address.bytes.length === 4 ? classify4 : classify6)(address.bytes);
  why.push(words);
  const device = addressClass > LAST_LOCAL_CLASS ? scoreDevice(adaptor, preference, isCard, why) : 0;
  const cidr = scoreCidr(address.bytes, preference.cidrs, why);
  const { device: wanted } = preference;
  const named = wanted !== undefined && (wanted === adaptor.alias || hasName(adaptor, wanted));
  if (named) why.push("named by agent =");
  const usable = cidr >= 0 && (address.flags & IFA_F_UNUSABLE) === 0 && addressClass > 0;
  const score = addressClass + ADDRESS_CLASSES * device + DEVICE_STEP * (Number(named) + cidr * 2);
  return {
    bytes: address.bytes,
    device: adaptor.name,
    ifIndex: adaptor.index,
    score: usable ? score : -1,
    named,
    excluded: cidr < 0,
    why,
  };
}

const secondary = (address: AdaptorAddress): number => address.flags & IFA_F_SECONDARY_OR_TEMPORARY;

/**
 * Returns all addresses of the host, the best first. Among equal scores, primary addresses come before secondary and
 * temporary ones, then the lower ifIndex, so that every start elects the same address. A negative score is never
 * elected.
 */
export function rankAgentAddresses(adaptors: readonly Adaptor[], preference: Preference): readonly Candidate[] {
  const cards = uplinks(adaptors);
  const ranked = adaptors.flatMap((adaptor) =>
    adaptor.addresses.map((address) => ({
      address,
      candidate: scoreAddress(adaptor, address, preference, cards.has(adaptor.index)),
    })),
  );
  ranked.sort(
    (a, b) =>
      b.candidate.score - a.candidate.score ||
      secondary(a.address) - secondary(b.address) ||
      a.candidate.ifIndex - b.candidate.ifIndex,
  );
  return ranked.map((entry) => entry.candidate);
}

/** Returns the elected address; undefined if the host has no usable address. */
export const electedOf = ([best]: readonly Candidate[]): Candidate | undefined =>
  best !== undefined && best.score >= 0 ? best : undefined;

/**
 * Returns a message if the interface of `agent = DEVICE` has no usable address; undefined if it has one, or if the key
 * is not set.
 */
export function namedInVain(ranked: readonly Candidate[], device: string | undefined): string | undefined {
  if (device === undefined || ranked.some(({ named, score }) => named && score >= 0)) return undefined;
  return `agent = ${device}: this interface does not exist or has no usable address`;
}
