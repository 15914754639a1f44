// Decides which pcap { } block an interface belongs to, at which rate it is sampled, and why or why not.

import type { Range } from "../../config/number.ts";
import type { Adaptor } from "../../interfaces/adaptor.ts";
import type { Settings } from "../../settings/settings.ts";
import type { PcapConfig } from "./config.ts";

export interface Decision {
  /** Undefined if no block matches the interface. */
  readonly block: PcapConfig | undefined;
  /** 1-in-N; 0: not sampled. */
  readonly rate: number;
  /** The reason, for log and status. */
  readonly why: string;
}

/**
 * Kinds of interfaces (IFLA_INFO_KIND) whose packets are also seen elsewhere: on the interfaces below, or at the other
 * end of a cable. With the reason for not sampling them.
 */
const SEEN_ELSEWHERE = new Map([
  ["bond", "bonds are sampled at their ports"],
  ["team", "teams are sampled at their ports"],
  ["vlan", "VLANs are sampled at the interface below"],
  ["veth", "veth pairs are sampled at the bridge or the interface behind"],
  ["openvswitch", "interfaces of Open vSwitch are sampled by the switch"],
]);

/** The last block that matches decides. A block that names the interface takes it whatever its kind. */
export function decide(
  blocks: readonly PcapConfig[],
  adaptor: Adaptor,
  settings: Pick<Settings, "samplingRate">,
): Decision {
  let why = "no pcap { } block matches";
  for (const block of blocks.toReversed()) {
    const obstacle = obstacleTo(block, adaptor);
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

function showRange({ from, to }: Range): string {
  const [low, high] = [from === 0 ? "0" : showSpeed(from), to === Number.POSITIVE_INFINITY ? "" : showSpeed(to)];
  return low === high ? `pcap { speed=${low} }` : `pcap { speed=${low}-${high} }`;
}

/** Returns why `block` leaves the interface out, empty if it means others, undefined if it matches. */
function obstacleTo(block: PcapConfig, adaptor: Adaptor): string | undefined {
  const { dev, speed } = block;
  if (dev !== undefined && dev !== adaptor.name && dev !== adaptor.device) return "";
  if (block.dynamic) return "pcap { dynamic=on } samples only what another block asks for";
  if (block["dev.pattern"]?.test(adaptor.name) === false) return "";
  if (speed !== undefined && (adaptor.speed < speed.from || adaptor.speed > speed.to))
    return `its speed, ${showSpeed(adaptor.speed)}, is not in ${showRange(speed)}`;
  if (dev !== undefined) return undefined;
  const reason = SEEN_ELSEWHERE.get(adaptor.kind ?? "");
  return reason === undefined ? undefined : `${reason}; pcap { dev=${adaptor.name} } samples it all the same`;
}

function rateFor(
  { sampling }: PcapConfig,
  adaptor: Adaptor,
  settings: Pick<Settings, "samplingRate">,
): { rate: number; why: string } {
  if (!adaptor.adminUp) return { rate: 0, why: "the interface is down" };
  if (sampling === undefined) return settings.samplingRate(adaptor);
  return { rate: sampling, why: sampling === 0 ? "pcap { sampling=0 }" : `pcap { sampling=${sampling} }` };
}
