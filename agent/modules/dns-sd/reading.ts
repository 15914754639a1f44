// What all answers together say: who gets datagrams, and with which settings; or what they lack.

import type { FoundCollector } from "../../report/found.ts";
import { type Candidate, chooseCollectors } from "./choose.ts";
import type { Usable } from "./targets.ts";
import { readText } from "./text.ts";

export type Reading =
  /** Not all has been answered yet. */
  | { readonly kind: "asking" }
  /** Nobody gets datagrams by this, and not because the zone says so: what was before stays. */
  | { readonly kind: "lacking"; readonly what: string; readonly remedy: string }
  | {
      readonly kind: "found";
      /** None where the zone says that there is none. */
      readonly collectors: readonly FoundCollector[];
      readonly settings: readonly string[];
      /** Settings that are given twice, and do not count. */
      readonly contradictions: readonly string[];
    };

const lacking = (what: string, remedy: string): Reading => ({ kind: "lacking", what, remedy });

/**
 * `candidates` and `strings` are undefined while they are being asked for: half an answer would move collectors and
 * rates back and forth. `host` tells hosts apart where weights share them out.
 */
export function readAnswers(
  { records, problems }: Usable,
  candidates: readonly Candidate[] | undefined,
  strings: readonly (readonly string[])[] | undefined,
  host: string,
): Reading {
  if (records.length === 0 && problems.length > 0)
    return lacking(`no SRV record can be used: ${problems.join("; ")}`, "correct the SRV records");
  if (candidates === undefined || strings === undefined) return { kind: "asking" };
  const collectors = chooseCollectors(candidates, host).map(({ srv: { target, port }, addresses }) => ({
    name: target,
    port,
    addresses,
  }));
  if (collectors.length === 0 && candidates.length > 0) {
    const names = [...new Set(candidates.map(({ srv }) => srv.target))];
    const shown = names.slice(0, 3).join(", ") + (names.length > 3 ? ` and ${names.length - 3} more` : "");
    return lacking(`no address for ${shown}`, "give the names in the SRV records an A or AAAA record");
  }
  const { lines, contradictions } = readText(strings);
  return { kind: "found", collectors, settings: lines, contradictions };
}
