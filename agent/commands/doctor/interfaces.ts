// The link from the kernel to the agent: interfaces that are to be sampled, and are.

import type { TapReport } from "../../report/report.ts";
import { blockToSample, type Survey } from "../survey.ts";
import { broken, type Finding, note, ok } from "./finding.ts";

const unsampled = (tap: TapReport): Finding =>
  broken("interfaces", `${tap.interface} is not sampled: ${tap.obstacle ?? tap.why}`, tap.remedy);

/** An interface that a block names is meant to be there, up and sampled; one that a pattern finds may well be down. */
const isBroken = ({ state, named }: TapReport): boolean =>
  state === "failing" || state === "missing" || (named && (state === "down" || state === "unmatched"));

/** What comes nearest to the interface that somebody meant. */
const ORDER = ["down", "unmatched", "off", "missing", "failing", "sampled"];

function nothingSampled(taps: readonly TapReport[]): Finding[] {
  if (taps.some(({ state }) => state === "sampled" || state === "off")) return [];
  const meant = taps.filter(({ interface: name }) => name !== "lo");
  const [nearest] = meant.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  if (nearest === undefined) return [broken("interfaces", "no interface is sampled: there is none but the loopback")];
  const reason = `no interface is sampled: ${nearest.interface}: ${nearest.why}`;
  return [broken("interfaces", reason, nearest.remedy)];
}

const lossNotes = (taps: readonly TapReport[]): Finding[] =>
  taps
    .filter(({ drops }) => drops > 0)
    .map(({ interface: name, packets, drops }) =>
      note("interfaces", `${name}: ${drops} samples lost for lack of room, ${packets} taken`, "a larger N costs less"),
    );

const limitNotes = (taps: readonly TapReport[]): Finding[] =>
  taps
    .filter(({ rate, rateInForce }) => rateInForce !== rate)
    .map(({ interface: name, rate }) =>
      note("interfaces", `${name} is meant to be 1-in-${rate}: it had more samples than sampling.limit`, "a larger N"),
    );

/** It may be as it is meant to be: a bridge without ports, a spare. */
const idleNotes = (taps: readonly TapReport[], interfaces: Survey["interfaces"]): Finding[] =>
  taps
    .filter(({ state, index }) => state === "sampled" && interfaces.byIndex(index)?.operUp === false)
    .map(({ interface: name }) => note("interfaces", `${name} has no link: no packet passes it`));

function judge(taps: readonly TapReport[], interfaces: Survey["interfaces"]): Finding[] {
  const faults = taps.filter(isBroken).map(unsampled);
  const findings = faults.length > 0 ? faults : nothingSampled(taps);
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

/** By the running agent; by the file alone, and then without taps, where it cannot be asked. */
export function checkInterfaces({ configuration, interfaces, intended, actual }: Survey): Finding[] {
  if (configuration === undefined) return [];
  if (intended === undefined) {
    const message = "no packets are sampled, counters only: no block of the file samples packets";
    return [note("interfaces", message, `${blockToSample("INTERFACE")} in sflow { }`)];
  }
  if (actual !== undefined) return judge(actual, interfaces);
  const asIfOpen = intended.map((tap): TapReport => (tap.state === "failing" ? { ...tap, state: "sampled" } : tap));
  return judge(asIfOpen, interfaces).filter(({ state }) => state !== "ok");
}
