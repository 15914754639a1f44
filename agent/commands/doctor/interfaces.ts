// Checks that the interfaces that should be sampled are sampled.

import type { Host } from "../../host/host.ts";
import { defaultRoutes } from "../../interfaces/default-routes.ts";
import type { TapReport } from "../../report/report.ts";
import type { Survey } from "../survey.ts";
import { checkDefaultRoutes } from "./default-route.ts";
import { broken, type Finding, note, ok } from "./finding.ts";

const unsampled = (tap: TapReport): Finding =>
  broken("interfaces", `${tap.interface} is not sampled: ${tap.obstacle ?? tap.why}`, tap.remedy);

/**
 * Tells whether a tap is broken. An interface that a block names must exist and be up. An interface that only matches a
 * pattern may be down.
 */
const isBroken = ({ state, named }: TapReport): boolean =>
  state === "failing" || state === "missing" || (named && (state === "down" || state === "unmatched"));

/** States of taps, the state that best explains why nothing is sampled first. */
const ORDER = ["down", "unmatched", "off", "missing", "failing", "sampled"];

function nothingSampled(taps: readonly TapReport[]): Finding[] {
  const decided = taps.filter(({ state }) => state === "sampled" || state === "off");
  const isLoopback = ({ interface: name }: TapReport): boolean => name === "lo";
  if (decided.some((tap) => tap.named || !isLoopback(tap))) return [];
  const meant = taps.filter((tap) => !isLoopback(tap));
  const [nearest] = meant.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  if (nearest === undefined) {
    if (decided.length > 0) return [];
    return [broken("interfaces", "no interface is sampled: there is only the loopback")];
  }
  const what = decided.length > 0 ? "only the loopback is sampled" : "no interface is sampled";
  return [broken("interfaces", `${what}: ${nearest.interface}: ${nearest.why}`, nearest.remedy)];
}

const lossNotes = (taps: readonly TapReport[]): Finding[] =>
  taps
    .filter(({ drops }) => drops > 0)
    .map(({ interface: name, packets, drops }) =>
      note(
        "interfaces",
        `${name}: ${drops} samples dropped because a buffer was full, ${packets} received`,
        "sample fewer packets: configure a larger N in 1-in-N",
      ),
    );

const limitNotes = (taps: readonly TapReport[]): Finding[] =>
  taps
    .filter(({ rate, rateInForce }) => rateInForce !== rate)
    .map(({ interface: name, rate }) =>
      note(
        "interfaces",
        `${name} is not sampled 1-in-${rate} as configured: it exceeded sampling.limit`,
        "configure a larger N in 1-in-N",
      ),
    );

/**
 * Notes sampled interfaces without a link. This is not a fault: the interface may be a bridge without ports or a spare.
 */
const idleNotes = (taps: readonly TapReport[], interfaces: Survey["interfaces"]): Finding[] =>
  taps
    .filter(({ state, index }) => state === "sampled" && interfaces.byIndex(index)?.operUp === false)
    .map(({ interface: name }) => note("interfaces", `${name} has no link, so no packets pass`));

function judge(taps: readonly TapReport[], interfaces: Survey["interfaces"], routes: readonly number[]): Finding[] {
  const faults = taps.filter(isBroken).map(unsampled);
  const missed = checkDefaultRoutes(taps, interfaces.all(), routes);
  const nothing = missed.some(({ state }) => state === "broken") ? [] : nothingSampled(taps);
  const findings = faults.length > 0 ? faults : [...nothing, ...missed];
  const sampled = taps
    .filter(({ state }) => state === "sampled")
    .map(({ interface: name, rateInForce }) => `${name} 1-in-${rateInForce}`);
  const off = taps
    .filter(({ state }) => state === "off")
    .map(({ interface: name, why }) => note("interfaces", `${name} is not sampled: ${why}`));
  return [
    ...findings,
    ...(sampled.length > 0 ? [ok("interfaces", sampled.join(", "))] : []),
    ...off,
    ...idleNotes(taps, interfaces),
    ...limitNotes(taps),
    ...lossNotes(taps),
  ];
}

/** Judges the taps of the running agent, or those that the file asks for if no agent answers. */
export function checkInterfaces(
  { configuration, interfaces, intended, actual }: Survey,
  { sockets }: Pick<Host, "sockets">,
): Finding[] {
  if (configuration === undefined) return [];
  if (intended === undefined) return [];
  const routes = defaultRoutes(sockets) ?? [];
  if (actual !== undefined) return judge(actual, interfaces, routes);
  const asIfOpen = intended.map((tap): TapReport => (tap.state === "failing" ? { ...tap, state: "sampled" } : tap));
  return judge(asIfOpen, interfaces, routes).filter(({ state }) => state !== "ok");
}
