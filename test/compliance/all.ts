// All checks in the order of their ids, and the ids that a captured stream cannot decide, with what decides them.

import { content } from "./a-content.ts";
import { structure } from "./a-structure.ts";
import { sequence } from "./b-sequence.ts";
import { packet } from "./c-packet.ts";
import { sampling } from "./c-sampling.ts";
import type { Check, Report } from "./check.ts";
import { timing } from "./d-timing.ts";
import { counters } from "./e-counters.ts";
import { interfaceState } from "./e-interface.ts";
import { host } from "./f-host.ts";
import { identity } from "./f-identity.ts";
import { sums } from "./f-sums.ts";
import { discards } from "./g-discards.ts";
import { groupBy } from "./stream.ts";

export const checks: readonly Check[] = [
  ...structure,
  ...content,
  ...sequence,
  ...packet,
  ...sampling,
  ...timing,
  ...counters,
  ...interfaceState,
  ...host,
  ...identity,
  ...sums,
  ...discards,
].toSorted((a, b) => a.id.localeCompare(b.id));

/** The number of ids of each letter. */
export const LETTERS = { A: 24, B: 18, C: 36, D: 14, E: 23, F: 31, G: 10, H: 8, I: 28, J: 10 } as const;

/**
 * `live` needs an action on a running agent; `follows` results from other checks; `unit` has unit tests; `never` does
 * not apply.
 */
export type Elsewhere = readonly ["live" | "follows" | "unit" | "never", why: string];

export const elsewhere: Readonly<Record<string, Elsewhere>> = {
  "B-05": ["live", "two runs around a restart"],
  "B-11": ["unit", "uptime at its wrap"],
  "B-12": ["unit", "sequences at their wrap"],
  "B-13": ["live", "an interface made anew under the same index"],
  "B-14": ["live", "two collectors"],
  "B-17": ["live", "a reload"],
  "C-09": ["live", "a known mixture of flows"],
  "C-10": ["follows", "C-04 and C-17, where all packets are of one size"],
  "C-14": ["live", "a whole capture beside the samples"],
  "C-18": ["follows", "C-17 on packets longer than the header"],
  "C-20": ["live", "a VLAN interface"],
  "C-21": ["live", "a stream with segmentation offload"],
  "C-30": ["live", "the socket's own state, from ss"],
  "C-31": ["never", "the agent sends no NAT records: the kernel's translation is not asked for"],
  "C-35": ["live", "1:1 on the interface that the datagrams leave by"],
  "D-02": ["live", "one packet after a silence"],
  "D-06": ["live", "several runs"],
  "D-09": ["live", "a stopped process"],
  "D-12": ["live", "the agent's processor time under a known load"],
  "D-13": ["live", "a clock that is set"],
  "D-14": ["live", "a shutdown"],
  "E-03": ["follows", "E-07 at the first and the last sample"],
  "E-04": ["unit", "counters above 2^32"],
  "E-16": ["live", "a bond with members"],
  "E-17": ["live", "an interface that is taken away"],
  "E-18": ["live", "an interface that is added"],
  "E-20": ["never", "no sfp record is sent where no module answers, as none does on virtual interfaces"],
  "E-21": ["never", "processor is a record of network devices: a host sends host_cpu"],
  "E-22": ["never", "application samples come from applications, not from the agent"],
  "E-23": ["never", "application samples come from applications, not from the agent"],
  "F-29": ["live", "traffic of a container"],
  "F-31": ["never", "needs a graphics processor"],
  "G-02": ["live", "a flood of drops"],
  "G-06": ["live", "a drop at a known time"],
  "G-08": ["live", "drops during sampling"],
  "G-09": ["live", "the kernel's own names of reasons"],
  "G-10": ["live", "connections that open and close"],
};

const ROBUSTNESS = [
  "the agent under stress",
  "the decoder's unit tests",
  "foreign decoders on the same capture",
] as const;

export function whereElse(id: string): Elsewhere | undefined {
  if (id.startsWith("H")) return ["live", ROBUSTNESS[0]];
  if (id.startsWith("I")) return ["unit", ROBUSTNESS[1]];
  return id.startsWith("J") ? ["live", ROBUSTNESS[2]] : elsewhere[id];
}

export const allIds: readonly string[] = Object.entries(LETTERS).flatMap(([letter, count]) =>
  Array.from({ length: count }, (_, i) => `${letter}-${String(i + 1).padStart(2, "0")}`),
);

/** Returns the ids that are not checks: one line for each reason. */
function describeElsewhere(): string[] {
  const reasons = groupBy(
    allIds.filter((id) => !checks.some((one) => one.id === id)),
    (id) => whereElse(id)?.join(": ") ?? "nowhere",
  );
  return [...reasons].map(
    ([reason, ids]) => `  ${ids.length > 3 ? `${ids[0]} to ${ids.at(-1)}` : ids.join(" ")} ${reason}`,
  );
}

/** Returns what was decided and what was not, as text. */
export function describeReport({ decided, undecided, findings }: Report): string {
  const count = (level: string): number => findings.filter((finding) => finding.level === level).length;
  return [
    `${decided.length} checks decided; ${["M", "S", "P", "Q"].map((level) => `${count(level)} ${level}`).join(", ")} findings`,
    ...findings.slice(0, 100).map(({ id, level, message }) => `  ${id} ${level} ${message}`),
    `undecided on this evidence: ${undecided.join(" ") || "none"}`,
    "decided elsewhere, or not at all:",
    ...describeElsewhere(),
  ].join("\n");
}
