// The result of all DNS answers together: collectors and settings, or what is missing.

import type { FoundCollector } from "../../report/found.ts";
import { type Candidate, chooseCollectors } from "./choose-collectors.ts";
import { readTxtSettings } from "./txt-settings.ts";
import type { UsableRecords } from "./usable-records.ts";

export type Discovery =
  /** At least one question has no answer yet. */
  | { readonly kind: "pending" }
  /** The records lead to no collector, although the zone does not declare that there is none. Earlier results stay. */
  | { readonly kind: "unusable"; readonly problem: string; readonly remedy: string }
  | {
      readonly kind: "found";
      /** Empty if the zone declares that there is no collector. */
      readonly collectors: readonly FoundCollector[];
      readonly settings: readonly string[];
      /** Settings given a second time with another value; ignored. */
      readonly contradictions: readonly string[];
    };

/** DNS answers; `candidates` and `strings` are undefined while questions about them are open. */
export interface Answers {
  readonly usable: UsableRecords;
  readonly candidates: readonly Candidate[] | undefined;
  /** Strings of the TXT records. */
  readonly strings: readonly (readonly string[])[] | undefined;
}

/** Waits for all answers, because half of them would move collectors and rates back and forth. */
export function evaluateAnswers({ usable, candidates, strings }: Answers, host: string): Discovery {
  const { records, problems } = usable;
  if (records.length === 0 && problems.length > 0)
    return {
      kind: "unusable",
      problem: `no usable SRV record: ${problems.join("; ")}`,
      remedy: "correct the SRV records",
    };
  if (candidates === undefined || strings === undefined) return { kind: "pending" };
  const collectors = chooseCollectors(candidates, host).map(({ srv: { target, port }, addresses }) => ({
    name: target,
    port,
    addresses,
  }));
  if (collectors.length === 0 && candidates.length > 0) return withoutAddress(candidates);
  const { lines, contradictions } = readTxtSettings(strings);
  return { kind: "found", collectors, settings: lines, contradictions };
}

function withoutAddress(candidates: readonly Candidate[]): Discovery {
  const names = [...new Set(candidates.map(({ srv }) => srv.target))];
  const shown = names.slice(0, 3).join(", ") + (names.length > 3 ? ` and ${names.length - 3} more` : "");
  return {
    kind: "unusable",
    problem: `no address for ${shown}`,
    remedy: "add an A or AAAA record for each target of the SRV records",
  };
}
