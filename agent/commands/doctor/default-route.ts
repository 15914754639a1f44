// Checks that packets of the default route are sampled, on its interface or on the interfaces below.

import type { Adaptor } from "../../interfaces/adaptor.ts";
import { lowerInterfaces } from "../../interfaces/lower-interfaces.ts";
import type { TapReport } from "../../report/report.ts";
import { broken, type Finding, note } from "./finding.ts";

/** Kinds whose packets are spread over all ports. */
const SPREAD = new Set<string | undefined>(["bond", "team"]);

/** Returns whether all packets of an interface pass one of the interfaces in `indices`. */
function passesOneOf(indices: ReadonlySet<number>, adaptor: Adaptor, all: readonly Adaptor[]): boolean {
  const visited = new Set<Adaptor>();
  const passes = (one: Adaptor): boolean => {
    if (indices.has(one.index)) return true;
    if (visited.has(one)) return false;
    visited.add(one);
    const lower = lowerInterfaces(one, all).filter(({ adminUp }) => adminUp);
    return SPREAD.has(one.kind) ? lower.length > 0 && lower.every(passes) : lower.some(passes);
  };
  return passes(adaptor);
}

const isDecided = ({ state }: TapReport): boolean => state === "sampled" || state === "off" || state === "failing";

/**
 * Returns a finding for each interface of a default route whose packets are not sampled. That is a fault if a block
 * chooses interfaces by pattern or speed, but not if all blocks name their interfaces: then it can be intended.
 */
export function checkDefaultRoutes(
  taps: readonly TapReport[],
  all: readonly Adaptor[],
  routes: readonly number[],
): Finding[] {
  const decided = taps.filter(isDecided);
  const indices = new Set(decided.map(({ index }) => index));
  const isIntended = decided.length > 0 && decided.every(({ named }) => named);
  const missed = all.filter((one) => routes.includes(one.index) && !one.loopback && !passesOneOf(indices, one, all));
  return missed.flatMap(({ index }) => {
    const tap = taps.find((one) => one.index === index);
    if (tap === undefined) return [];
    const message = `the default route uses ${tap.interface}, which is not sampled: ${tap.why}`;
    if (isIntended) return [note("interfaces", message, tap.remedy)];
    const leaveOut = `pcap { dev=${tap.interface} sampling=0 } to leave it out`;
    return [broken("interfaces", message, tap.remedy && `${tap.remedy}, or ${leaveOut}`)];
  });
}
