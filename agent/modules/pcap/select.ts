// Decides which pcap { } block an interface belongs to, at which rate it is sampled, and why or why not.

import type { Range } from "../../config/number.ts";
import { quoted } from "../../config/token.ts";
import type { Adaptor, Interfaces } from "../../interfaces/adaptor.ts";
import { hasName } from "../../interfaces/names.ts";
import { uplinks } from "../../interfaces/uplinks.ts";
import type { Settings } from "../../settings/settings.ts";
import type { PcapConfig } from "./config.ts";

export interface Decision {
  /** Undefined if no block matches the interface. */
  readonly block: PcapConfig | undefined;
  /** N of 1-in-N; 0 means not sampled. */
  readonly rate: number;
  /** Reason for the decision, for log and status. */
  readonly why: string;
}

interface View {
  readonly interfaces: Pick<Interfaces, "all">;
  readonly settings: Pick<Settings, "samplingRate">;
}

/**
 * Kinds of interfaces (IFLA_INFO_KIND) that are not sampled, each with the reason. Their packets are also seen on other
 * interfaces of this namespace, unless the interface is an uplink: then its parent or peer is in another namespace.
 */
const SEEN_ELSEWHERE = new Map([
  ["bond", "bonds are sampled at their ports"],
  ["team", "teams are sampled at their ports"],
  ["vlan", "VLANs are sampled at the parent interface"],
  ["veth", "packets of veth pairs are sampled at the bridge or the physical interface"],
  ["netkit", "packets of netkit pairs are sampled at the bridge or the physical interface"],
  ["openvswitch", "interfaces of Open vSwitch are sampled by the switch"],
]);

/** The keyword of a block, as messages name it. */
export const keywordOf = (block: PcapConfig | undefined): string => block?.keyword ?? "pcap";

/**
 * The last block that matches decides. A block that names the interface in `dev` matches it even if its kind is above.
 */
export function decide(blocks: readonly PcapConfig[], adaptor: Adaptor, { interfaces, settings }: View): Decision {
  let why = `no ${keywordOf(blocks[0])} { } block matches`;
  for (const block of blocks.toReversed()) {
    const obstacle = obstacleTo(block, adaptor, interfaces);
    if (obstacle === undefined) return { block, ...rateFor(block, adaptor, settings) };
    if (obstacle !== "") why = obstacle;
  }
  return { block: undefined, rate: 0, why };
}

/** Returns a speed as in the file: 10G, 100M, 1500000. */
function showSpeed(speed: number): string {
  if (speed === 0) return "unknown";
  if (speed % 1e9 === 0) return `${speed / 1e9}G`;
  return speed % 1e6 === 0 ? `${speed / 1e6}M` : String(speed);
}

function showRange(keyword: string, { from, to }: Range): string {
  const [low, high] = [from === 0 ? "0" : showSpeed(from), to === Number.POSITIVE_INFINITY ? "" : showSpeed(to)];
  return low === high ? `${keyword} { speed=${low} }` : `${keyword} { speed=${low}-${high} }`;
}

/**
 * Returns undefined if `block` matches, "" if it is for other interfaces, otherwise the reason why it does not match.
 */
function obstacleTo(block: PcapConfig, adaptor: Adaptor, interfaces: View["interfaces"]): string | undefined {
  const { dev, speed } = block;
  const keyword = keywordOf(block);
  if (dev !== undefined && !hasName(adaptor, dev)) return "";
  if (block.dynamic) return `${keyword} { dynamic=on } samples only interfaces that another block requests`;
  if (block["dev.pattern"]?.test(adaptor.name) === false) return "";
  if (speed !== undefined && (adaptor.speed < speed.from || adaptor.speed > speed.to))
    return `its speed, ${showSpeed(adaptor.speed)}, is not in ${showRange(keyword, speed)}`;
  if (dev !== undefined || uplinks(interfaces.all()).has(adaptor.index)) return undefined;
  const reason = SEEN_ELSEWHERE.get(adaptor.kind ?? "");
  return reason === undefined ? undefined : `${reason}; ${keyword} { dev=${quoted(adaptor.name)} } samples it anyway`;
}

function rateFor(
  block: PcapConfig,
  adaptor: Adaptor,
  settings: Pick<Settings, "samplingRate">,
): { rate: number; why: string } {
  if (!adaptor.adminUp) return { rate: 0, why: "the interface is down" };
  const { sampling } = block;
  if (sampling === undefined) return settings.samplingRate(adaptor);
  return { rate: sampling, why: `${keywordOf(block)} { sampling=${sampling} }` };
}
